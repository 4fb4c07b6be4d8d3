internal import Alerting
internal import EventLoop
internal import Glibc
internal import ListenerProtocol
internal import SupervisorRPC
internal import System

/// A tool: its command line, and the listener it becomes.
struct Tool: Sendable {
    /// The name and the options.
    let options: OptionTable

    /// How it sends mail by default.
    let mailer: Settings.Mailer

    /// Whether each delivered mail is logged with `Mailed:`, as in superlance.
    var confirmsDeliveries = false

    /// What its section must provide.
    let needs: @Sendable (ParsedArguments) -> ListenerNeeds

    /// Validates the tool's own options, and returns its plan.
    let prepare: @Sendable (Settings) throws(UsageError) -> ListenerPlan

    /// The version of all tools.
    static let version = "1.0.0"

    /// Runs the tool and exits with its status.
    func run() -> Never {
        let missing = Descriptor.openMissingStandards()
        // A closed reader shows as an error on write.
        _ = signal(SIGPIPE, SIG_IGN)
        let environment = ListenerEnvironment()
        do throws(UsageError) {
            // supervisord reads the answers from a pipe.
            let isRedirected =
                environment.isStartedProcess && !Descriptor.standardOutput.isPipeOrSocket
            let canAnswer = !missing.contains(.standardOutput) && !isRedirected
            exit(try run(OwnArguments.all, environment, canAnswer: canAnswer))
        } catch {
            reportWrongUse(error, environment)
            exit(EX_USAGE)
        }
    }

    /// Reports wrong use: in a section of supervisord, as lines of the log.
    private func reportWrongUse(_ error: UsageError, _ environment: ListenerEnvironment) {
        let format = Settings.probableLogFormat(OwnArguments.all, environment)
        let log = Log(
            tool: name, listener: environment.own?.description,
            format: environment.isStartedProcess ? format : .plain)
        log.report(.error, "\(error)")
        if error != ListenerEnvironment.notSupervised { log.write(.info, "Try '\(name) --help'.") }
    }

    private func run(
        _ words: [String], _ environment: ListenerEnvironment, canAnswer: Bool
    ) throws(UsageError) -> Int32 {
        let arguments = try options.parse(Array(words.dropFirst()))
        arguments.hideValues(of: DeliveryOptions.secrets)
        if arguments.has(.help) { return write(options.help) }
        if arguments.has(.version) { return write("\(name) \(Self.version)\n") }

        let settings = try Settings(
            arguments, of: options, environment: environment, mailer: mailer)
        // Before the first child is started.
        ChildEnvironment.restrict(passing: settings.passedVariables)
        if let fault = settings.channelSettings.template?.fault(for: settings.origin) {
            throw UsageError("--webhook-template: \(fault)")
        }
        if arguments.has(.showConfig) { return try show(settings, arguments, environment) }
        if arguments.has(.testAlert) { return try sendTestAlert(settings, arguments, environment) }
        let plan = try plan(settings)
        guard environment.mayBeSupervised else { throw ListenerEnvironment.notSupervised }
        return serve(plan, settings, canAnswer: canAnswer)
    }

    private static func warnings(_ settings: Settings, _ plan: ListenerPlan) -> [String] {
        settings.warnings + plan.unusableSockets + plan.warnings
    }

    /// Shows the effective settings, and what would prevent the tool from starting.
    private func show(
        _ settings: Settings, _ arguments: ParsedArguments, _ environment: ListenerEnvironment
    ) throws(UsageError) -> Int32 {
        _ = write(ShownConfiguration(table: options, settings: settings).text)
        let plan = try plan(arguments, environment)
        warn(Self.warnings(settings, plan))
        return EX_OK
    }

    private func sendTestAlert(
        _ settings: Settings, _ arguments: ParsedArguments, _ environment: ListenerEnvironment
    ) throws(UsageError) -> Int32 {
        var plan = try plan(arguments, environment)
        // The placeholder for the server URL is not a real connection.
        plan.client = try settings.optionalClient()
        warn(Self.warnings(settings, plan))
        let test = TestAlert(
            channels: settings.channels, origin: settings.origin,
            presentation: settings.presentation)
        let checks = SelfCheck(
            settings: settings, plan: plan, needs: needs(settings.arguments))
        do throws(SystemError) {
            let status = try test.run { _ = write("\($0)\n") }
            return checks.run { _ = write("\($0)\n") } ? status : max(status, 1)
        } catch {
            Log(tool: name).report(.error, "\(error)")
            return EX_OSERR
        }
    }

    /// The plan as it would be under supervisord: when run by hand, a missing supervisord is not an
    /// error.
    private func plan(
        _ arguments: ParsedArguments, _ environment: ListenerEnvironment
    ) throws(UsageError) -> ListenerPlan {
        let environment = environment.supposingSupervisord
        return try plan(
            try Settings(arguments, of: options, environment: environment, mailer: mailer))
    }

    private func plan(_ settings: Settings) throws(UsageError) -> ListenerPlan {
        var plan = try prepare(settings)
        plan.selectors += settings.routes.selectors
        return plan
    }

    private func serve(_ plan: ListenerPlan, _ settings: Settings, canAnswer: Bool) -> Int32 {
        let log = Log(
            tool: name, listener: settings.origin.listener, format: settings.logFormat,
            isQuiet: settings.isQuiet)
        guard canAnswer else {
            log.report(.error, "cannot answer supervisord: standard output is closed or redirected")
            return EX_IOERR
        }
        do throws(SystemError) {
            let runtime = try Runtime(settings, plan, log: log, confirms: confirmsDeliveries)
            log.write(
                .routine, "\(name) \(Self.version) started: \(summary(plan, settings))")
            for warning in Self.warnings(settings, plan) { log.report(.warning, warning) }
            let status = runtime.run(plan.makeListener)
            // supervisord has ended the listener, and does not wait.
            if status == EX_OK { RestartPace.release() }
            return status
        } catch {
            log.report(.error, "\(error)")
            return EX_OSERR
        }
    }

    /// The watched processes and the alert channels in one line.
    private func summary(_ plan: ListenerPlan, _ settings: Settings) -> String {
        let channels = settings.channels.map { channel in
            channel.isMail
                ? "\(channel.name) to \(channel.targets.joined(separator: ", "))" : channel.name
        }
        let alerts =
            channels.isEmpty
            ? "sending no alerts" : "sending alerts by \(channels.joined(separator: " and "))"
        return "watching \(plan.watched); \(alerts)"
    }

    private func warn(_ warnings: [String]) {
        for warning in warnings { Log(tool: name).report(.warning, warning) }
    }

    private func write(_ text: String) -> Int32 {
        Descriptor.standardOutput.writeAll(text.utf8)
        return EX_OK
    }
}
