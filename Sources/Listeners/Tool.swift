// A tool, from its command line to its exit status.

internal import Alerting
internal import EventLoop
internal import Glibc
internal import SupervisorRPC
internal import System

/// A tool: its command line, and the listener it becomes.
struct Tool: Sendable {
    /// Its name, options and what they mean.
    let options: OptionTable

    /// How it sends mail unless an option says otherwise.
    let mailer: Settings.Mailer

    /// Whether each delivered alert is logged with `Mailed:`, as superlance does it.
    var confirmsDeliveries = false

    /// Reads the tool's own options, and returns what it is going to do.
    let prepare: @Sendable (Settings) throws(UsageError) -> ListenerPlan

    /// The version of all tools.
    static let version = "1.0.0"

    /// How long wrong use takes under supervisord.
    ///
    /// With `startsecs=0` supervisord restarts at once whatever ends: without a pause, a typo would
    /// be a crash fifty times a second. It is shorter than the default `startsecs=1`, so that with
    /// the sections that the documentation recommends wrong use becomes FATAL.
    private static let pauseAfterWrongUse: useconds_t = 800_000

    /// Runs the tool and ends the program with its status.
    func run() -> Never {
        let missing = Descriptor.openMissingStandards()
        // A reader that has gone shows when writing to it.
        _ = signal(SIGPIPE, SIG_IGN)
        let host = SupervisorEnvironment()
        do throws(UsageError) {
            let isMute = missing.contains(.standardOutput)
            exit(try run(CommandLine.arguments, host, canAnswer: !isMute))
        } catch {
            let isElsewhere = error == SupervisorEnvironment.notSupervised
            complain("\(name): \(error)" + (isElsewhere ? "" : "\n\(options.usage)"))
            if host.isSupervised { usleep(Self.pauseAfterWrongUse) }
            exit(EX_USAGE)
        }
    }

    private func run(
        _ words: [String], _ host: SupervisorEnvironment, canAnswer: Bool
    ) throws(UsageError) -> Int32 {
        let arguments = try options.parse(Array(words.dropFirst()))
        arguments.hideValues(of: DeliveryOptions.secrets)
        if arguments.has(.help) { return say(options.help) }
        if arguments.has(.version) { return say("\(name) \(Self.version)\n") }

        let settings = try Settings(arguments, of: options, host: host, mailer: mailer)
        // Before the first child is started.
        ChildEnvironment.restrict(passing: settings.passedVariables)
        if let fault = settings.other.template?.fault(for: settings.origin) {
            throw UsageError("--webhook-template: \(fault)")
        }
        if arguments.has(.showConfig) { return try show(settings, arguments, host) }
        if arguments.has(.testAlert) { return try sendTestAlert(settings, arguments, host) }
        let plan = try prepare(settings)
        guard host.mayBeSupervised else { throw SupervisorEnvironment.notSupervised }
        return serve(plan, settings, canAnswer: canAnswer)
    }

    /// Shows what is in force, and what would keep the tool from starting.
    private func show(
        _ settings: Settings, _ arguments: ParsedArguments, _ host: SupervisorEnvironment
    ) throws(UsageError) -> Int32 {
        _ = say(ShownConfiguration(table: options, settings: settings).text)
        let plan = try plan(arguments, host)
        warn(settings.warnings + plan.warnings)
        return EX_OK
    }

    private func sendTestAlert(
        _ settings: Settings, _ arguments: ParsedArguments, _ host: SupervisorEnvironment
    ) throws(UsageError) -> Int32 {
        var plan = try plan(arguments, host)
        // What stands in for an address by hand leads nowhere.
        plan.client = try settings.optionalClient()
        warn(settings.warnings + plan.warnings)
        let test = TestAlert(channels: settings.channels, origin: settings.origin)
        let checks = SelfCheck(settings: settings, plan: plan)
        do throws(SystemError) {
            let status = try test.run { _ = say("\($0)\n") }
            return checks.run { _ = say("\($0)\n") } ? status : max(status, 1)
        } catch {
            complain("\(name): \(error)")
            return EX_OSERR
        }
    }

    /// What the tool would do under a supervisord: by hand there is none, which is no fault of the
    /// command line.
    private func plan(
        _ arguments: ParsedArguments, _ host: SupervisorEnvironment
    ) throws(UsageError) -> ListenerPlan {
        let host = host.supposingSupervisord
        return try prepare(try Settings(arguments, of: options, host: host, mailer: mailer))
    }

    private func serve(_ plan: ListenerPlan, _ settings: Settings, canAnswer: Bool) -> Int32 {
        let log = Log(
            tool: name, listener: settings.origin.listener, format: settings.logFormat,
            isQuiet: settings.isQuiet)
        guard canAnswer else {
            log.note("cannot answer supervisord: standard output is closed")
            return EX_IOERR
        }
        do throws(SystemError) {
            let runtime = try Runtime(settings, plan, log: log, confirms: confirmsDeliveries)
            log.say("\(name) \(Self.version) started: \(summary(plan, settings))", isRoutine: true)
            for warning in settings.warnings + plan.warnings { log.note(warning) }
            return runtime.run(plan.makeListener)
        } catch {
            log.note("\(error)")
            return EX_OSERR
        }
    }

    /// What is watched and who is alerted, in one line.
    private func summary(_ plan: ListenerPlan, _ settings: Settings) -> String {
        let channels = settings.channels.map { channel in
            channel.isMail
                ? "\(channel.name) to \(channel.targets.joined(separator: ", "))" : channel.name
        }
        let alerts =
            channels.isEmpty ? "sends no alerts" : "alerts by \(channels.joined(separator: "; "))"
        return "watches \(plan.watched); \(alerts)"
    }

    private func warn(_ warnings: [String]) {
        for warning in warnings { complain("\(name): \(warning)") }
    }

    private func say(_ text: String) -> Int32 {
        Descriptor.standardOutput.writeAll(text.utf8)
        return EX_OK
    }

    private func complain(_ text: String) {
        Descriptor.standardError.writeAll("\(text)\n".utf8)
    }
}
