internal import Glibc
internal import ListenerProtocol
internal import SupervisorConfiguration
internal import SupervisorRPC
internal import System

/// `superlance status`: shows the status of the listeners, from their metrics and from supervisord.
enum StatusCommand {
    /// The command line.
    static let table = OptionTable(
        programName: "superlance status",
        summary:
            "Shows the status of the listeners, from their metrics files and from supervisord. The exit status "
            + "is 1 if a program is FATAL, a listener is not running or has missed three ticks, "
            + "supervisord does not respond or runs with another configuration, its configuration "
            + "cannot be read, or alerts are undelivered.",
        options: [
            OptionSpecification(
                .configuration, letter: "c", longName: "configuration", placeholder: "FILE",
                help: "supervisord's configuration file (default: supervisord's search path)."),
            OptionSpecification(
                .metrics, longName: "metrics", placeholder: "FILE",
                help:
                    "Metrics file or directory (default: SUPERLANCE_METRICS, from the environment or supervisord's configuration)."
            ),
            OptionSpecification(.watch, longName: "watch", help: "Redraw every two seconds."),
            OptionSpecification.help,
        ])

    /// Runs the command.
    ///
    /// - Parameter words: The words after the command's name.
    /// - Returns: The exit status.
    /// - Throws: `UsageError` for an option that does not exist.
    static func run(_ words: [String]) throws(UsageError) -> Int32 {
        let arguments = try table.parse(words)
        if arguments.has(.help) {
            Descriptor.standardOutput.writeAll(table.help.utf8)
            return EX_OK
        }
        if let word = arguments.operands.first { throw UsageError("unexpected argument '\(word)'") }
        while true {
            let report = StatusReport(arguments)
            let home = arguments.has(.watch) ? "\u{1B}[H\u{1B}[J" : ""
            Descriptor.standardOutput.writeAll("\(home)\(report.text)".utf8)
            guard arguments.has(.watch) else { return report.isHealthy ? 0 : 1 }
            sleep(2)
        }
    }
}

extension OptionKey {
    static let watch: OptionKey = "watch"
}
