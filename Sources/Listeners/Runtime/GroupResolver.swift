// Completes the names of processes whose events lack the group.

internal import Alerting
internal import EventLoop
internal import Glibc
internal import ListenerProtocol
internal import SupervisorRPC
internal import System
internal import Text

/// Completes the names of processes whose events lack the group, as those of the Go host do: names
/// are unique there, so that supervisord knows the group of a name.
///
/// Events stay in order: what comes after one that waits for supervisord waits, too. Where
/// supervisord cannot be asked, the group stays unknown.
final class GroupResolver {
    private let client: SupervisorClient?
    private let workers: WorkerPool
    private var groups: [ExactText: String] = [:]
    private var askedAt: Instant?
    private var isAsking = false
    private var isFinishing = false
    private var waiting: [(content: EventContent, handle: (EventContent) -> Void)] = []

    /// How long supervisord may take.
    private static let deadline = Duration.seconds(3)

    /// How long an answer is believed: a reload may put a program into another group.
    private static let validity = Duration.seconds(60)

    /// How soon a name is asked for again that was not in the last answer.
    private static let pause = Duration.seconds(5)

    /// Makes a resolver.
    ///
    /// - Parameters:
    ///   - client: The way to supervisord, if there is one.
    ///   - workers: Where supervisord is asked.
    init(client: SupervisorClient?, workers: WorkerPool) {
        self.client = client
        self.workers = workers
    }

    /// Completes what an event says.
    ///
    /// - Parameters:
    ///   - content: What it says.
    ///   - handle: Takes the same with the group, now or when supervisord has answered.
    func resolve(_ content: EventContent, then handle: @escaping (EventContent) -> Void) {
        waiting.append((content, handle))
        drain()
    }

    /// Hands everything over that still waits, since the program ends.
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

    /// The content with the group; nothing if supervisord has to be asked for it.
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
            for info in infos { GroupRecord(process: info.namespec).write() }
            return EX_OK
        } completion: { [weak self] records in
            self?.take(records.all(GroupRecord.self).map(\.process))
        }
    }

    private func take(_ processes: [ProcessName]) {
        askedAt = .now
        // Without an answer, what was known is better than nothing.
        if !processes.isEmpty {
            groups = Dictionary(processes.map { (ExactText($0.name), $0.group) }) { $1 }
        }
        isAsking = false
        drain()
    }

    /// A process and its group.
    private struct GroupRecord: WorkerRecord {
        static let recordName = "group"

        let process: ProcessName

        init(process: ProcessName) {
            self.process = process
        }

        init?(fields: [String]) {
            guard fields.count == 2 else { return nil }
            process = ProcessName(group: fields[0], name: fields[1])
        }

        var fields: [String] { [process.group, process.name] }
    }
}
