internal import Alerting
internal import EventLoop
internal import Glibc
internal import ListenerProtocol
internal import SupervisorRPC
internal import System
internal import Text

/// Adds the group to process names in events of the Go implementation, which omit it.
///
/// In that implementation, names are unique, so supervisord can return the group of a name.
///
/// Events stay in order: those after one that waits for supervisord also wait. If supervisord does
/// not respond, the group stays unknown.
final class GroupResolver {
    private let client: SupervisorClient?
    private let workers: WorkerPool
    private var groups: [ExactText: String] = [:]
    private var askedAt: Instant?
    private var isAsking = false
    private var isFinishing = false
    private var waiting: [(content: EventContent, handle: (EventContent) -> Void)] = []

    /// The timeout for supervisord.
    private static let deadline = Duration.seconds(3)

    /// How long a result is valid: a reload may move a program to another group.
    private static let validity = Duration.seconds(60)

    /// The minimum time between two requests for a name that the last result did not include.
    private static let pause = Duration.seconds(5)

    /// Creates a resolver.
    ///
    /// - Parameters:
    ///   - client: The connection to supervisord, if there is one.
    ///   - workers: Runs the requests.
    init(client: SupervisorClient?, workers: WorkerPool) {
        self.client = client
        self.workers = workers
    }

    /// Adds the group to an event's content.
    ///
    /// - Parameters:
    ///   - content: The content.
    ///   - handle: Receives the completed content, now or after supervisord has responded.
    func resolve(_ content: EventContent, then handle: @escaping (EventContent) -> Void) {
        waiting.append((content, handle))
        drain()
    }

    /// Passes on everything that is still waiting, before the program exits.
    func finish() {
        isFinishing = true
        isAsking = false
        drain()
    }

    private func drain() {
        while !isAsking, let next = waiting.first {
            guard let content = complete(next.content) else { return ask() }
            waiting.removeFirst()
            next.handle(content)
        }
    }

    /// The content with the group; nil if it must be requested from supervisord.
    private func complete(_ content: EventContent) -> EventContent? {
        guard case .processState(let change) = content, !change.process.hasGroup else {
            return content
        }
        let age = askedAt.map { .now - $0 }
        let group = groups[ExactText(change.process.name)]
        let isFresh = age.map { $0 < (group == nil ? Self.pause : Self.validity) } ?? false
        guard isFresh || client == nil || isFinishing else { return nil }
        return .processState(change.with(group: group ?? ""))
    }

    private func ask() {
        guard let client else { return }
        isAsking = true
        workers.run(deadline: Self.deadline, mayBeLate: true) {
            let infos = (try? client.getAllProcessInfo()) ?? []
            for info in infos { ProcessNameRecord(process: info.processName).write() }
            return EX_OK
        } completion: { [weak self] records in
            self?.take(records.all(ProcessNameRecord.self).map(\.process))
        }
    }

    private func take(_ processes: [ProcessName]) {
        askedAt = .now
        // Without a response, keep the previous result.
        if !processes.isEmpty {
            groups = Dictionary(processes.map { (ExactText($0.name), $0.group) }) { $1 }
        }
        isAsking = false
        drain()
    }
}
