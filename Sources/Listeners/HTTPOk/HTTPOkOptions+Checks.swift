// The options for checks.

internal import Curl
internal import Text

extension HTTPOkOptions {
    /// The operands.
    static func templates(
        _ settings: Settings, _ selection: ProcessSelection
    ) throws(UsageError) -> [CheckTemplate] {
        let arguments = settings.arguments
        guard !arguments.operands.isEmpty else { throw UsageError("no URL: add the URL to check") }
        var templates: [CheckTemplate] = []
        for (index, text) in arguments.operands.enumerated() {
            // Of several, the number names the wrong one: its text may contain a password.
            let name = arguments.operands.count > 1 ? "URL \(index + 1)" : "URL"
            let template = try CheckTemplate(OptionValue(name: name, text: text))
            let isSelecting = selection.isAny || !selection.patterns.isEmpty
            guard !template.isPerProcess || template.pattern != nil || isSelecting else {
                throw UsageError(
                    "\(name): \(TemplateText.forms) require PATTERN= before the URL, or -p")
            }
            if let program = template.program,
                !ExecutableSearch.finds(program, path: settings.environment["PATH"])
            {
                throw UsageError("exec: cannot find \(program) in PATH")
            }
            templates.append(template)
        }
        return templates
    }

    /// The settings of checks.
    static func terms(
        _ settings: Settings, _ templates: [CheckTemplate]
    ) throws(UsageError) -> CheckTerms {
        let arguments = settings.arguments
        var terms = CheckTerms()
        terms.expectation = try expectation(arguments)
        terms.request = try request(arguments)
        terms.request.authorities = settings.authorities
        terms.limits = try limits(arguments)
        for value in arguments.values(.timeout) {
            terms.timeout = .seconds(try value.seconds(in: 1...86_400))
        }
        guard terms.limits.certificateLife == nil || templates.contains(where: \.isSecure) else {
            throw UsageError("--cert-expiry requires an https URL")
        }
        return terms
    }

    private static func expectation(_ arguments: ParsedArguments) throws(UsageError) -> Expectation
    {
        var expectation = Expectation()
        var statuses: StatusSet?
        for value in arguments.values(.code) {
            let more = try value.httpStatuses()
            statuses = statuses?.adding(more) ?? more
        }
        if let statuses { expectation.statuses = statuses }
        expectation.texts = arguments.values(.body).map(\.text).filter { !$0.isEmpty }
        for value in arguments.values(.notBody) {
            expectation.forbiddenTexts.append(try value.text(requiring: "a text"))
        }
        for value in arguments.values(.regex) {
            expectation.expressions.append(try value.regularExpression())
        }
        for value in arguments.values(.jsonCondition) {
            expectation.queries.append(try value.jsonQuery())
        }
        let isHead = arguments.value(.request)?.text == "HEAD"
        guard !isHead || expectation.isOriginal && expectation.texts.isEmpty else {
            throw UsageError("-X HEAD returns no body, which -b and similar options require")
        }
        return expectation
    }

    private static func request(_ arguments: ParsedArguments) throws(UsageError) -> RequestOptions {
        var request = RequestOptions()
        for value in arguments.values(.data) {
            guard !value.text.hasPrefix("@") else {
                throw UsageError("--data does not read files: give the text itself, without '@'")
            }
            request.method = .post
            request.body = Array(value.text.utf8)
        }
        for value in arguments.values(.request) { request.method = try value.httpMethod() }
        guard request.method != .head || request.body.isEmpty else {
            throw UsageError("-X HEAD cannot be combined with --data")
        }
        for value in arguments.values(.header) { request.fields.append(try value.headerField()) }
        request.followsRedirects = arguments.has(.location)
        request.verifiesServer = !arguments.has(.insecure)
        for value in arguments.values(.certificate) {
            request.clientCertificate = try value.text(requiring: "a file")
        }
        for value in arguments.values(.key) {
            request.clientKey = try value.text(requiring: "a file")
        }
        guard request.clientKey == nil || request.clientCertificate != nil else {
            throw UsageError("--key requires --cert")
        }
        for value in arguments.values(.unixSocket) {
            request.unixSocketPath = try value.socketPath()
        }
        for value in arguments.values(.userFile) { request.userFile = try value.userFile() }
        return request
    }

    private static func limits(_ arguments: ParsedArguments) throws(UsageError) -> CheckLimits {
        var limits = CheckLimits()
        for value in arguments.values(.latency) { limits.latency = try value.latency() }
        for value in arguments.values(.restartOn) {
            guard value.text == "latency" else { throw value.error(requiring: "the word latency") }
            guard limits.latency != nil else {
                throw UsageError("--restart-on latency requires --latency")
            }
            limits.latencyFails = true
        }
        for value in arguments.values(.certificateExpiry) {
            limits.certificateLife = .seconds(try value.seconds())
        }
        return limits
    }

    /// The options for targets and checks.
    static let ofChecks: [OptionSpecification] = [
        OptionSpecification(
            .notBody, longName: "not-body", placeholder: "TEXT", occurrence: .repeatable,
            help: "Text that the body must not contain."),
        OptionSpecification(
            .regex, longName: "regex", placeholder: "REGEX", occurrence: .repeatable,
            help: "Extended regular expression that a line of the body must match."),
        OptionSpecification(
            .jsonCondition, longName: "json", placeholder: "CONDITION", occurrence: .repeatable,
            help: "Condition on a value of a JSON body, such as '.status == UP'."),
        OptionSpecification(
            .latency, longName: "latency", placeholder: "TIME",
            help: "Alert when a response takes longer than TIME, such as 500ms or 2s."),
        OptionSpecification(
            .restartOn, longName: "restart-on", placeholder: "latency",
            help: "Also restart when a response is slower than --latency."),
        OptionSpecification(
            .certificateExpiry, longName: "cert-expiry", placeholder: "TIME",
            help: "Alert when the server's certificate expires within TIME, such as 14d."),
        OptionSpecification(
            .request, letter: "X", longName: "request", placeholder: "METHOD",
            help: "Request method (default: GET, or POST with --data).", standard: "GET"),
        OptionSpecification(
            .header, letter: "H", longName: "header", placeholder: "FIELD",
            occurrence: .repeatable, help: "Header field to send, 'Name: value'."),
        OptionSpecification(
            .data, longName: "data", placeholder: "TEXT", help: "Body to send."),
        OptionSpecification(
            .location, letter: "L", longName: "location",
            help: "Follow redirects within the same host."),
        OptionSpecification(
            .insecure, letter: "k", longName: "insecure",
            help: "Do not verify the server's certificate."),
        OptionSpecification(
            .certificate, longName: "cert", placeholder: "FILE",
            help: "Client certificate in PEM format."),
        OptionSpecification(
            .key, longName: "key", placeholder: "FILE",
            help: "Private key, if it is not in the --cert file."),
        OptionSpecification(
            .unixSocket, longName: "unix-socket", placeholder: "PATH",
            help: "Connect to this socket instead of the URL's host."),
        OptionSpecification(
            .userFile, longName: "user-file", placeholder: "FILE",
            help: "File whose first line is user:password for the server."),
    ]
}

extension OptionKey {
    static let notBody: OptionKey = "not-body"
    static let regex: OptionKey = "regex"
    static let jsonCondition: OptionKey = "json-condition"
    static let latency: OptionKey = "latency"
    static let restartOn: OptionKey = "restart-on"
    static let certificateExpiry: OptionKey = "cert-expiry"
    static let request: OptionKey = "request"
    static let header: OptionKey = "header"
    static let data: OptionKey = "data"
    static let location: OptionKey = "location"
    static let insecure: OptionKey = "insecure"
    static let certificate: OptionKey = "cert"
    static let key: OptionKey = "key"
    static let unixSocket: OptionKey = "unix-socket"
    static let userFile: OptionKey = "user-file"
}
