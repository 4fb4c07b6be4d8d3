internal import Glibc
internal import ListenerProtocol
internal import SupervisorConfiguration
internal import SupervisorRPC
internal import System
internal import Text

/// The output of `superlance status`.
struct StatusReport {
    /// The report.
    private(set) var text = ""
    /// Whether there are no problems.
    private(set) var isHealthy = true

    /// How many ticks a listener may miss.
    private static let missedTickLimit = 3

    /// The timeout of a call to supervisord: shorter than that of a usual health check, which would
    /// otherwise end without a report.
    private static let deadline = Duration.seconds(4)

    /// Collects the status of everything.
    init(_ arguments: ParsedArguments) {
        let variables = ConfiguredVariables(
            configuration: arguments.value(.configuration)?.text)
        addSupervisord(variables)
        let path = arguments.value(.metrics)?.text ?? variables["SUPERLANCE_METRICS"]
        addListeners(path, variables)
        addSilences(variables["SUPERLANCE_SILENCE"])
    }

    private mutating func add(_ line: String, isHealthy: Bool = true) {
        text += "\(line)\n"
        if !isHealthy { self.isHealthy = false }
    }

    private mutating func addSupervisord(_ variables: ConfiguredVariables) {
        guard var configuration = variables.configuration else {
            return add(
                "supervisord: no configuration found; give it with -c FILE", isHealthy: false)
        }
        if !configuration.isRead, let mistake = configuration.mistakes.first {
            return add("supervisord: \(mistake.message)", isHealthy: false)
        }
        var access = SupervisordAccess(&configuration)
        _ = access.ask(within: Self.deadline)
        switch access.answer {
        case .running(let processes):
            let fatal = processes.filter { $0.state == .fatal || $0.state == .unknown }
            add("supervisord: running, \(processes.count) processes, \(fatal.count) FATAL")
            for info in fatal {
                add(
                    "  \(info.processName) is \(info.state.name): \(info.spawnError)",
                    isHealthy: false
                )
            }
        case .silent(let reason), .rejected(let reason):
            add("supervisord: \(reason)", isHealthy: false)
        case .loginUnknown: add("supervisord: \(SupervisordAccess.loginRemedy)")
        case .notAsked:
            add("supervisord: there is no server URL; add [unix_http_server]", isHealthy: false)
        }
    }

    private mutating func addListeners(_ path: String?, _ variables: ConfiguredVariables) {
        guard let path else {
            return add(
                "listeners: no metrics; set SUPERLANCE_METRICS in environment= of [supervisord]")
        }
        let readings = Self.files(path).flatMap { MetricsReading.parse(Self.content(of: $0)) }
        let listeners = ListenerStatus.all(readings, now: Timestamp.now.seconds)
        if listeners.isEmpty { add("listeners: no metrics in \(path)") }
        for listener in listeners { add(listener, tick: Self.tick(of: listener, variables)) }
    }

    private mutating func add(_ listener: ListenerStatus, tick: Int?) {
        let silence = listener.silence ?? 0
        let isSilent =
            tick.map { silence > $0.multipliedSaturated(by: Self.missedTickLimit) } ?? false
        let name =
            listener.tool == listener.listener
            ? listener.tool : "\(listener.listener) (\(listener.tool))"
        let waiting = listener.waiting == 0 ? "" : ", \(listener.waiting) alerts undelivered"
        let late = isSilent ? ": no event for three ticks" : ""
        add(
            "\(name): last event \(ListenerStatus.duration(silence)) ago\(late)\(waiting)",
            isHealthy: !isSilent && listener.waiting == 0)
        for detail in listener.details { add("  \(detail)") }
    }

    /// The period of the ticks that a listener receives, in seconds; nil if it receives none.
    private static func tick(of listener: ListenerStatus, _ variables: ConfiguredVariables) -> Int?
    {
        let program = variables.programs.first { program in
            program.isListener
                && program.processes.contains { $0.description == listener.listener }
        }
        let events = program?.settings["events"]?.uppercased() ?? ""
        let periods = events.split { ", \n".contains($0) }.compactMap { name -> Int? in
            name == "TICK" ? 5 : name.hasPrefix("TICK_") ? Int(name.dropFirst(5)) : nil
        }
        return periods.min()
    }

    private mutating func addSilences(_ path: String?) {
        guard let path else { return }
        let now = Timestamp.now
        for entry in SilenceRecord(reading: path).silence.entries where entry.end > now {
            add("silenced: \(entry.pattern) until \(entry.end.formatted("%Y-%m-%d %H:%M:%S"))")
        }
    }

    // MARK: Files

    private static func files(_ path: String) -> [String] {
        guard let folder = unsafe opendir(path) else { return [path] }
        defer { unsafe closedir(folder) }
        var files: [String] = []
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafePointer(to: entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
                    unsafe String(cString: $0)
                }
            }
            if name.endsExactly(with: ".prom") { files.append("\(path)/\(name)") }
        }
        return files.sorted()
    }

    private static func content(of file: String) -> String {
        String(decoding: (try? Descriptor.contents(of: file)) ?? [], as: UTF8.self)
    }
}
