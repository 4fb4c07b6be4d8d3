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

    private let settings: ConfiguredFiles
    /// The processes; nil if they are not known.
    private let processes: [SupervisedProcess]?
    private let owners: MetricsOwners

    /// Collects the status of everything.
    init(_ arguments: ParsedArguments) {
        settings = ConfiguredFiles(configuration: arguments.value(.configuration)?.text)
        processes = settings.access?.processes
        owners = MetricsOwners(settings, processes)
        addSupervisord()
        addListeners(arguments.value(.metrics)?.text)
        for path in settings.all(.silence, "SUPERLANCE_SILENCE") { addSilences(path) }
    }

    /// Adds a line; names from files and other processes must not control the terminal.
    private mutating func add(_ line: String, isHealthy: Bool = true) {
        text += "\(line.withVisibleControls.replacingText("\n", with: "\\n"))\n"
        if !isHealthy { self.isHealthy = false }
    }

    private mutating func addSupervisord() {
        guard let configuration = settings.configuration, let access = settings.access else {
            return add(
                "supervisord: no configuration found; give it with -c FILE", isHealthy: false)
        }
        if !configuration.isRead, let mistake = configuration.mistakes.first {
            return add("supervisord: \(mistake.message)", isHealthy: false)
        }
        if let mistake = settings.mistake {
            add("configuration: \(ConfiguredFiles.explanation(of: mistake))", isHealthy: false)
        }
        if let other = access.otherConfiguration {
            add(
                "supervisord: \(SupervisordAccess.isOther(other, at: access.url))",
                isHealthy: false)
        }
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
            addDown(processes)
        case .silent(let reason), .rejected(let reason):
            add("supervisord: \(reason)", isHealthy: false)
        case .loginUnknown: add("supervisord: \(SupervisordAccess.loginRemedy)")
        case .notAsked:
            guard settings.mistake == nil else { return }
            add("supervisord: there is no server URL; add [unix_http_server]", isHealthy: false)
        }
    }

    // MARK: Listeners

    /// Adds the listeners that are not running: they neither receive events nor deliver alerts.
    ///
    /// Whoever sets `autostart=false` and has never started a listener does not want it to run.
    private mutating func addDown(_ processes: [SupervisedProcess]) {
        for listener in settings.programs where ListenerExamination.command(of: listener) != nil {
            for name in listener.processes where listener.isListener {
                guard let info = processes.first(where: { $0.processName == name }) else {
                    let isOff = listener.disables("autostart")
                    add(
                        "  supervisord does not have the listener \(name): run supervisorctl update",
                        isHealthy: isOff)
                    continue
                }
                guard Self.isDown(info.state), ![.fatal, .unknown].contains(info.state) else {
                    continue
                }
                let time = info.now.subtractingSaturated(info.stop)
                let since =
                    info.stop > 0 && info.state != .backoff
                    ? " for \(ListenerStatus.duration(max(0, time)))" : ""
                let isOff = info.start == 0 && listener.disables("autostart")
                add("  the listener \(name) is \(info.state.name)\(since)", isHealthy: isOff)
            }
        }
    }

    private static func isDown(_ state: ProcessState) -> Bool {
        state != .running && state != .starting
    }

    /// Whether a listener is known not to run.
    private func isDown(_ listener: String) -> Bool {
        let info = processes?.first { $0.processName.description == listener }
        return info.map { Self.isDown($0.state) } ?? false
    }

    /// - Parameter given: The file or directory to read instead of those of the listeners.
    private mutating func addListeners(_ given: String?) {
        let paths = given.map { [$0] } ?? settings.all(.metrics, Self.variable)
        let unlocated = given == nil ? settings.uses(.metrics, Self.variable) : []
        for use in unlocated {
            guard let path = use.unlocated else { continue }
            add(
                "[\(use.listener.section.name)]: the metrics \(path) are relative to the directory "
                    + "where supervisord was started: write the full path", isHealthy: false)
        }
        guard !paths.isEmpty else {
            guard settings.mistake == nil, unlocated.allSatisfy({ $0.unlocated == nil }) else {
                return
            }
            add(
                "listeners: no metrics; set SUPERLANCE_METRICS in environment= of [supervisord]")
            return
        }
        var places: [String: String] = [:]
        var readings: [MetricsReading] = []
        for file in paths.flatMap(Self.files) {
            let (text, stranger) = owners.text(of: file)
            if let stranger {
                add("\(file): ignored, since it belongs to \(stranger), who runs no listener")
            }
            let found = MetricsReading.parse(text)
            for listener in found.compactMap({ $0.labels["listener"] }) { places[listener] = file }
            readings += found
        }
        let listeners = ListenerStatus.all(readings, now: Timestamp.now.seconds)
        for listener in listeners {
            if isForeign(listener.listener) {
                let file = places[listener.listener] ?? ""
                add("\(listener.listener): not in this configuration; delete \(file) if it is old")
            } else {
                add(listener, tick: tick(of: listener.listener))
            }
        }
        let missing = addMissing(given, besides: Set(listeners.map(\.listener)))
        if listeners.isEmpty && !missing {
            add("listeners: no metrics in \(paths.joined(separator: ", "))")
        }
    }

    private static let variable = "SUPERLANCE_METRICS"

    /// Whether a listener is known not to be one of the configuration's.
    private func isForeign(_ name: String) -> Bool {
        guard settings.configuration?.isRead == true, !settings.programs.isEmpty else {
            return false
        }
        let own = settings.programs.flatMap(\.processes) + (processes ?? []).map(\.processName)
        return !own.contains { $0.description == name }
    }

    /// Adds the listeners that should have written metrics.
    ///
    /// - Returns: Whether there are any.
    private mutating func addMissing(_ given: String?, besides found: Set<String>) -> Bool {
        var isAny = false
        for use in settings.uses(.metrics, Self.variable) where use.isTool {
            guard let path = use.path, given == nil || given == path else { continue }
            for name in use.listener.processes where !found.contains(name.description) {
                isAny = true
                addMissing(name, path)
            }
        }
        return isAny
    }

    private mutating func addMissing(_ name: ProcessName, _ path: String) {
        let line = "\(name): no metrics in \(path)"
        guard let info = processes?.first(where: { $0.processName == name }) else {
            return add(line)
        }
        guard info.state == .running, let tick = tick(of: name.description) else {
            return add("\(line); it is \(info.state.name)")
        }
        let age = max(0, info.now.subtractingSaturated(info.start))
        let isLate = age > tick.multipliedSaturated(by: Self.missedTickLimit)
        add(
            isLate ? "\(line) after three ticks: it is hung, or cannot write them" : "\(line) yet",
            isHealthy: !isLate)
    }

    private mutating func add(_ listener: ListenerStatus, tick: Int?) {
        let silence = listener.silence ?? 0
        // A listener that is not running receives no ticks, which is reported with its state.
        let isSilent =
            tick.map { silence > $0.multipliedSaturated(by: Self.missedTickLimit) } ?? false
            && !isDown(listener.listener)
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
    private func tick(of listener: String) -> Int? {
        let program = settings.programs.first { program in
            program.isListener && program.processes.contains { $0.description == listener }
        }
        let events = program?.settings["events"]?.uppercased() ?? ""
        let periods = events.split { ", \n".contains($0) }.compactMap { name -> Int? in
            name == "TICK" ? 5 : name.hasPrefix("TICK_") ? Int(name.dropFirst(5)) : nil
        }
        return periods.min()
    }

    private mutating func addSilences(_ path: String) {
        let now = Timestamp.now
        let record = SilenceRecord(reading: path, of: owners.users)
        if let refusal = record.refusal { add("\(path): ignored: \(refusal)") }
        for entry in record.silence.entries where entry.end > now {
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
}
