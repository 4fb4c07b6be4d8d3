// crashmail's command line.

internal import ListenerProtocol

/// What crashmail was told to do.
struct CrashMailOptions {
    /// The programs whose crashes are told, as `name` or `group:name`.
    let programs: [String]
    /// Whether all crashes are told.
    let isAny: Bool
    /// What stands before the subject.
    let prefix: String?

    init(_ settings: Settings) throws(UsageError) {
        let arguments = settings.arguments
        programs = arguments.values(.program).map(\.text)
        isAny = arguments.has(.any) || programs.isEmpty
        prefix = arguments.value(.prefix).flatMap { $0.text.isEmpty ? nil : $0.text }
    }

    /// Whether a process's crashes are told.
    func selects(_ process: Namespec) -> Bool {
        isAny || programs.contains { process.isNamed($0) }
    }

    static let table = OptionTable(
        programName: "crashmail",
        summary: "Mails each crash: each exit that was not expected.",
        options: [
            OptionSpecification(
                .program, letter: "p", longName: "program", aliases: ["process"],
                placeholder: "NAME", occurrence: .repeatable, isOfficial: true,
                help: "Tell crashes of this program, name or group:name, and of no other."),
            OptionSpecification(
                .any, letter: "a", longName: "any", isOfficial: true,
                help: "Tell all crashes; so by default."),
            OptionSpecification(
                .prefix, letter: "o", longName: "optionalheader", placeholder: "PREFIX",
                isOfficial: true, help: "Stands before each subject."),
        ] + DeliveryOptions.ofSendmailTools)
}

extension OptionKey {
    static let prefix: OptionKey = "optionalheader"
}
