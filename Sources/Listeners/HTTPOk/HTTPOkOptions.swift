internal import ListenerProtocol
internal import Text

/// The options of httpok.
struct HTTPOkOptions {
    /// The programs to restart if an operand names none.
    let selection: ProcessSelection
    /// Whether the site is checked even if none of the programs is running.
    let isEager: Bool
    /// The creation of core files; nil for none.
    let coreDump: CoreDump?
    /// The targets, and the programs that they are for.
    let templates: [CheckTemplate]
    /// The settings of the checks.
    let terms: CheckTerms
    /// The name of this instance.
    let name: String?
    /// Whether to start programs that have failed by themselves.
    let startsFailed: Bool
    /// When to restart.
    let policy: RestartPolicy
    /// How many lines of a process's log are included.
    let logLines: Int
    /// Whether recoveries are reported.
    let reportsRecovery: Bool

    init(_ settings: Settings) throws(UsageError) {
        let arguments = settings.arguments
        var patterns: [ProcessPattern] = []
        for value in arguments.values(.program) {
            patterns.append(ProcessPattern(try value.text(requiring: "the name of a process")))
        }
        selection = ProcessSelection(
            patterns: patterns, isAny: arguments.has(.any), own: settings.environment.own)
        let eagerness = arguments.occurrences.last { [.eager, .notEager].contains($0.key) }
        isEager = eagerness?.key != .notEager
        let command = arguments.value(.gcore)?.text ?? CoreDump.standardCommand
        coreDump = arguments.value(.coreDirectory).flatMap { directory in
            command.isEmpty || directory.text.isEmpty
                ? nil : CoreDump(command: command, directory: directory.text)
        }
        startsFailed = arguments.has(.startFailed)
        var policy = try RestartPolicy(arguments)
        policy.successEndsStartPeriod = true
        guard !startsFailed || policy.action != .stop else {
            throw UsageError("-x cannot be combined with --action stop")
        }
        if !arguments.has(.maxUnavailable) { policy.isSequential = true }
        self.policy = policy
        logLines = try DiagnosticsOptions.logLines(arguments)
        reportsRecovery = arguments.has(.recovered)

        name = arguments.value(.name)?.text
        templates = try Self.templates(settings, selection)
        terms = try Self.terms(settings, templates)
    }

    /// Whether a process is among those of any operand.
    func selects(_ process: ProcessName) -> Bool {
        selection.selects(process) || templates.contains { $0.pattern?.matches(process) == true }
    }

    /// The checks.
    var plan: CheckPlan {
        CheckPlan(templates: templates, terms: terms, selection: selection, isEager: isEager)
    }

    /// Adds the tool's name, and that of `-n`, to a subject.
    func title(_ subject: String) -> String { HTTPOkMessages.title(subject, name: name) }

    static let table = OptionTable(
        programName: "httpok", operands: "[PATTERN=]URL...",
        summary: "Restarts programs when a URL does not respond correctly.",
        options: [
            OptionSpecification(
                .program, letter: "p", longName: "program",
                placeholder: "NAME", occurrence: .repeatable, isOriginal: true,
                help:
                    "Restart this program (name or group:name; wildcards: *, ? and [...]) if it is RUNNING."
            ),
            OptionSpecification(
                .any, letter: "a", longName: "any", isOriginal: true,
                help: "Restart all programs that are RUNNING."),
            OptionSpecification(
                .gcore, letter: "g", longName: "gcore", placeholder: "COMMAND", isOriginal: true,
                help: "Command that creates core files (default: '\(CoreDump.standardCommand)').",
                standard: CoreDump.standardCommand),
            OptionSpecification(
                .coreDirectory, letter: "d", longName: "coredir", placeholder: "DIRECTORY",
                isOriginal: true, help: "Create a core file in this directory before each restart."),
            OptionSpecification(
                .timeout, letter: "t", longName: "timeout", placeholder: "SECONDS",
                isOriginal: true,
                help: "Timeout for the whole check, such as 10 or 1m (default: 10).",
                standard: "10"),
            OptionSpecification(
                .code, letter: "c", longName: "code", placeholder: "STATUS",
                occurrence: .repeatable, isOriginal: true,
                help: "Accepted status codes, such as 200, 200-299, 2xx or !204 (default: 200).",
                standard: "200"),
            OptionSpecification(
                .body, letter: "b", longName: "body", placeholder: "TEXT",
                occurrence: .repeatable, isOriginal: true,
                help: "Text that the body must contain."),
            OptionSpecification(
                .eager, letter: "e", longName: "eager", isOriginal: true,
                help: "Check even when no program is RUNNING (default).", standard: ""),
            OptionSpecification(
                .notEager, letter: "E", longName: "not-eager", isOriginal: true,
                help: "Check only when a program is RUNNING."),
            OptionSpecification(
                .name, letter: "n", longName: "name", placeholder: "NAME", isOriginal: true,
                help: "Name for subjects, to distinguish several instances."),
        ] + ofChecks + [
            DiagnosticsOptions.logTail, DiagnosticsOptions.recovered,
            OptionSpecification(
                .startFailed, letter: "x", longName: "start-if-not-running",
                help: "Also start programs that are FATAL or have exited unexpectedly."),
        ] + RestartOptions.all + DeliveryOptions.ofSendmailTools)
}

extension OptionKey {
    static let gcore: OptionKey = "gcore"
    static let coreDirectory: OptionKey = "coredir"
    static let timeout: OptionKey = "timeout"
    static let code: OptionKey = "code"
    static let body: OptionKey = "body"
    static let eager: OptionKey = "eager"
    static let notEager: OptionKey = "not-eager"
    static let startFailed: OptionKey = "start-if-not-running"
    static let name: OptionKey = "name"
}
