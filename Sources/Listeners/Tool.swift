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

    /// By which way it sends mail when nothing is said about it.
    let mailer: Settings.Mailer

    /// Whether each delivered alert is logged with `Mailed:`, as the original does it.
    var confirmsDeliveries = false

    /// Reads the tool's own options, and returns what makes its listener.
    let prepare: @Sendable (Settings) throws(UsageError) -> (Runtime) -> any Listener

    /// The version of all tools.
    static let version = "1.0.0"

    /// Runs the tool and ends the program with its status.
    func run() -> Never {
        Descriptor.openMissingStandards()
        do throws(UsageError) {
            exit(try run(CommandLine.arguments, SupervisorEnvironment()))
        } catch {
            let isElsewhere = error == SupervisorEnvironment.notSupervised
            complain("\(options.programName): \(error)" + (isElsewhere ? "" : "\n\(options.usage)"))
            exit(EX_USAGE)
        }
    }

    private func run(_ words: [String], _ host: SupervisorEnvironment) throws(UsageError) -> Int32 {
        let arguments = try options.parse(Array(words.dropFirst()))
        arguments.hideValues(of: DeliveryOptions.secrets)
        if arguments.has(.help) { return say(options.help) }
        if arguments.has(.version) { return say("\(options.programName) \(Self.version)\n") }

        let settings = try Settings(arguments, of: options, host: host, mailer: mailer)
        if let fault = settings.other.template?.fault(for: settings.origin) {
            throw UsageError("--webhook-template: \(fault)")
        }
        if arguments.has(.showConfig) { return try show(settings, arguments, host) }
        if arguments.has(.testAlert) { return sendTestAlert(settings) }
        let makeListener = try prepare(settings)
        guard host.mayBeSupervised else { throw SupervisorEnvironment.notSupervised }
        return serve(makeListener, settings)
    }

    /// Shows what is in force, and what would keep the tool from starting.
    private func show(
        _ settings: Settings, _ arguments: ParsedArguments, _ host: SupervisorEnvironment
    ) throws(UsageError) -> Int32 {
        _ = say(ShownConfiguration(table: options, settings: settings).text)
        warn(settings)
        // By hand there is no supervisord, which is no fault of the command line.
        let host = host.supposingSupervisord
        _ = try prepare(try Settings(arguments, of: options, host: host, mailer: mailer))
        return EX_OK
    }

    private func sendTestAlert(_ settings: Settings) -> Int32 {
        warn(settings)
        let test = TestAlert(channels: settings.channels, origin: settings.origin)
        do throws(SystemError) {
            return try test.run { _ = say("\($0)\n") }
        } catch {
            complain("\(options.programName): \(error)")
            return EX_OSERR
        }
    }

    private func serve(
        _ makeListener: (Runtime) -> any Listener, _ settings: Settings
    ) -> Int32 {
        let log = Log(tool: options.programName)
        do throws(SystemError) {
            let runtime = try Runtime(settings, log: log, confirms: confirmsDeliveries)
            for warning in settings.warnings { log.note(warning) }
            return runtime.run(makeListener)
        } catch {
            log.note("\(error)")
            return EX_OSERR
        }
    }

    private func warn(_ settings: Settings) {
        for warning in settings.warnings { complain("\(options.programName): \(warning)") }
    }

    private func say(_ text: String) -> Int32 {
        Descriptor.standardOutput.writeAll(text.utf8)
        return EX_OK
    }

    private func complain(_ text: String) {
        Descriptor.standardError.writeAll("\(text)\n".utf8)
    }
}
