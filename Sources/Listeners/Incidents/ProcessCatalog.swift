internal import EventLoop
internal import Glibc
internal import ListenerProtocol
internal import SupervisorRPC
internal import System
internal import Text

/// Data about processes that must be known before one of them dies.
///
/// The list of all processes is requested at the start and when groups change, because a list for
/// each crash would cost more than the rest of the diagnosis. If the listener is not subscribed to
/// changes of groups, an unknown process shows that there was one.
final class ProcessCatalog {
    private unowned let runtime: Runtime
    private let client: SupervisorClient
    /// The paths of each process's logs.
    private var logs: [ProcessName: [String]] = [:]
    private var counts: [ExactText: Int] = [:]
    /// How many processes write to each log.
    private var writers: [String: Int] = [:]
    private var kills = OOMHistory()
    /// The ends of each process's logs when its last process ended, and the one before.
    private var spans: [ProcessName: LogSpan] = [:]
    private var recentEnds = RecentLogEnds()
    private var endsTimer: PollLoop.Timer?
    private var lastEvent: Instant?
    /// When each process was started since its last end, in seconds since 1970.
    private var starts: [ProcessName: Int] = [:]
    /// The ends of each process's logs at the last list.
    private var listed: [ProcessName: LogBegin.Mark] = [:]
    private var timer: PollLoop.Timer?
    private var askedAt = Instant.now
    /// Whether the first list has arrived, or was not available.
    private var isReady = false
    private var waiting: [() -> Void] = []

    private static let deadline = Duration.seconds(10)

    /// How long after an event the listener is certainly READY again.
    private static let rest = Duration.milliseconds(50)

    /// How long supervisord takes to fill a changed group.
    private static let settling = Duration.seconds(2)

    /// The minimum time between lists that are requested because of an unknown process.
    private static let pause = Duration.seconds(30)

    /// Creates a catalog and requests the first list.
    ///
    /// - Parameters:
    ///   - runtime: The program, which outlives the catalog.
    ///   - client: The connection to supervisord.
    init(_ runtime: Runtime, client: SupervisorClient) {
        self.runtime = runtime
        self.client = client
        ask()
    }

    /// Calls back as soon as the first list has arrived, or is known not to be available.
    func whenReady(_ action: @escaping () -> Void) {
        guard !isReady else { return action() }
        waiting.append(action)
    }

    /// Records an event, which may show a change of groups.
    func note(_ content: EventContent, of name: EventName?) {
        defer { lastEvent = .now }
        if case .processState(let change) = content, let name { noteEnd(change.process, name) }
        switch content {
        case .processGroupAdded, .processGroupRemoved: askSoon()
        case .processState(let change) where logs[change.process] == nil:
            if .now - askedAt > Self.pause { askSoon() }
        default: return
        }
    }

    /// Records the OOM killer's count as reported by a worker.
    func note(_ records: WorkerRecords) {
        for record in records.all(KillCountRecord.self) { kills.add(record.count) }
    }

    /// Where the lines of the last process that ended begin and end in its logs: later lines are
    /// from the next process.
    func span(of process: ProcessName) -> LogSpan {
        spans[process] ?? LogSpan(ends: [mark(process)])
    }

    /// Records the ends of the logs when a process ends, and when the next one is started.
    private func noteEnd(_ process: ProcessName, _ name: EventName) {
        switch name {
        case .processStateStarting:
            // The first one: then there was no other process since the last end.
            starts[process] = starts[process] ?? Timestamp.now.seconds
            return
        case .processStateFatal where spans[process]?.isBackoff == true:
            // The process has ended before.
            spans[process]?.isBackoff = false
        case .processStateExited, .processStateStopped, .processStateBackoff, .processStateFatal:
            var span = LogSpan(ends: ends(process))
            let last = spans[process]
            span.listed = listed[process]
            span.isBackoff = name == .processStateBackoff
            // All attempts of a failed start belong together.
            let isContinued = span.isBackoff && last?.isBackoff == true
            span.begins = (isContinued ? last?.begins : last?.ends) ?? []
            span.started = starts.removeValue(forKey: process)
            spans[process] = span
        default:
            return
        }
    }

    /// The possible ends of a process whose event has arrived: programs that die together are
    /// restarted together, before the events about the others arrive.
    private func ends(_ process: ProcessName) -> [LogBegin.Mark] {
        let isPrompt = lastEvent.map { .now - $0 > Self.rest } ?? true
        recentEnds.note(logs.values.joined(), isPrompt: isPrompt)
        runtime.loop.reset(&endsTimer, to: .now + RecentLogEnds.age) { [weak self] in
            self?.recentEnds = RecentLogEnds()
        }
        return recentEnds.marks(of: logs[process] ?? []) + [mark(process, isPrompt)]
    }

    private func mark(_ process: ProcessName, _ isPrompt: Bool = true) -> LogBegin.Mark {
        .present(of: logs[process] ?? [], isPrompt: isPrompt)
    }

    /// Adds the current data to an incident.
    func complete(_ incident: inout DiagnosisCase) {
        let own = logs[incident.process]
        let others = (counts[ExactText(incident.process.name)] ?? 0) - (own == nil ? 0 : 1)
        // One that was added since the last list is missing there.
        incident.hasUniqueName = !logs.isEmpty && others == 0
        incident.sharedLogs = Set((own ?? []).filter { writers[$0] ?? 0 > 1 })
        incident.killed = kills.last(before: incident.time)
    }

    private func askSoon() {
        guard timer == nil else { return }
        timer = runtime.loop.after(Self.settling) { [weak self] in
            self?.timer = nil
            self?.ask()
        }
    }

    private func ask() {
        guard !runtime.isFinishing else { return }
        askedAt = .now
        let client = client
        runtime.workers.run(deadline: Self.deadline, mayBeLate: true) {
            KillCountRecord(OOMKiller.count()).write()
            for info in (try? client.getAllProcessInfo()) ?? [] {
                LogPathRecord(info).write()
            }
            return EX_OK
        } completion: { [weak self] records in
            self?.note(records)
            self?.take(records.all(LogPathRecord.self))
            self?.becomeReady()
        }
    }

    private func becomeReady() {
        isReady = true
        let actions = waiting
        waiting = []
        for action in actions { action() }
    }

    private func take(_ found: [LogPathRecord]) {
        // Without an answer, the old list is better than none.
        guard !found.isEmpty else { return }
        logs = Dictionary(found.map { ($0.process, $0.logs) }) { $1 }
        // What has ended while the groups changed is no longer known.
        spans = spans.filter { logs[$0.key] != nil }
        listed = listed.filter { logs[$0.key] != nil }
        for process in logs.keys where listed[process] == nil { listed[process] = mark(process) }
        counts = Dictionary(
            logs.keys.map { (ExactText($0.name), 1) }, uniquingKeysWith: +)
        writers = Dictionary(logs.values.flatMap { Set($0) }.map { ($0, 1) }, uniquingKeysWith: +)
    }

    /// A process and the paths of its logs.
    private struct LogPathRecord: WorkerRecord {
        static let recordName = "process"

        let process: ProcessName
        let logs: [String]

        init(_ info: SupervisedProcess) {
            process = info.processName
            logs = LogStream.paths(of: info)
        }

        init?(fields: [String]) {
            guard fields.count >= 2 else { return nil }
            process = ProcessName(group: fields[0], name: fields[1])
            logs = Array(fields.dropFirst(2))
        }

        var fields: [String] { [process.group, process.name] + logs }
    }
}
