internal import ListenerProtocol

/// The options of crashmail.
struct CrashMailOptions {
    /// The programs whose crashes are reported.
    let programs: [ProcessPattern]
    /// Whether all crashes are reported.
    let isAny: Bool
    /// The prefix of the subject.
    let prefix: String?
    /// How many lines of a process's log are included.
    let logLines: Int
    /// Whether failed starts are reported.
    let reportsFatal: Bool
    /// Whether recoveries are reported.
    let reportsRecovery: Bool

    init(_ settings: Settings) throws(UsageError) {
        let arguments = settings.arguments
        programs = try arguments.values(.program).map { value throws(UsageError) in
            ProcessPattern(try value.text(requiring: "the name of a process"))
        }
        isAny = arguments.has(.any) || programs.isEmpty
        logLines = try DiagnosticsOptions.logLines(arguments)
        reportsFatal = arguments.has(.fatal)
        reportsRecovery = arguments.has(.recovered)
        prefix = arguments.value(.prefix).flatMap { $0.text.isEmpty ? nil : $0.text }
    }

    /// Whether crashes of a process are reported.
    func selects(_ process: ProcessName) -> Bool {
        isAny || programs.contains { $0.matches(process, assumingGroup: true) }
    }

    /// The programs as text.
    var watched: String { programs.map(\.description).joined(separator: ", ") }

    /// Adds the prefix of `-o` to a subject, with a colon and a space.
    func title(_ subject: String) -> String {
        prefix.map { "\($0): \(subject)" } ?? subject
    }

    static let table = OptionTable(
        programName: "crashmail",
        summary: "Sends mail for each crash, that is, each unexpected exit.",
        options: [
            OptionSpecification(
                .program, letter: "p", longName: "program",
                placeholder: "NAME", occurrence: .repeatable, isOriginal: true,
                help:
                    "Report crashes of this program only (name or group:name; wildcards: *, ? and [...])."
            ),
            OptionSpecification(
                .any, letter: "a", longName: "any", isOriginal: true,
                help: "Report all crashes (default).", standard: ""),
            OptionSpecification(
                .prefix, letter: "o", longName: "optionalheader", placeholder: "PREFIX",
                isOriginal: true, help: "Prefix for the subject, followed by ': '."),
            OptionSpecification(
                .fatal, longName: "fatal",
                help: "Also report programs that fail to start and are FATAL."),
            DiagnosticsOptions.logTail, DiagnosticsOptions.recovered,
        ] + DeliveryOptions.ofSendmailTools)
}

extension OptionKey {
    static let fatal: OptionKey = "fatal"
    static let prefix: OptionKey = "optionalheader"
}
