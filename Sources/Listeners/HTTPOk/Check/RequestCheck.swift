internal import Curl
internal import EventLoop
internal import System
internal import Text

/// The check of a web page, a port or a socket, with one request.
///
/// A refused connection is retried each second within the timeout, because the service may be
/// starting up.
final class RequestCheck {
    private let check: Check
    private let transfers: TransferLoop
    private let loop: PollLoop
    private let begin = Instant.now
    /// When the current request was sent.
    private var sent = Instant.now
    private var body: BodyCheck
    private var login: Credentials?
    private var redirectCount = 0
    private var completion: ((CheckResult) -> Void)?

    /// How long to wait before retrying a refused connection.
    private static let pause = Duration.seconds(1)

    init(_ check: Check, by transfers: TransferLoop, over loop: PollLoop) {
        self.check = check
        self.transfers = transfers
        self.loop = loop
        body = BodyCheck(check.terms.expectation)
    }

    /// Starts the check.
    ///
    /// - Parameter completion: Called once with the result.
    func begin(completion: @escaping (CheckResult) -> Void) {
        self.completion = completion
        do throws(UserFile.Fault) {
            login = try check.target.login(check.terms.request)
        } catch {
            return end(.unknown("\(error)"), got: "\(error)")
        }
        send(check.target.request(check.terms.request, login: login))
    }

    private var timeLeft: Duration { begin + check.terms.timeout - .now }

    private func send(_ request: HTTPRequest) {
        var request = request
        request.timeout = max(timeLeft, .milliseconds(1))
        request.wantsCertificate = check.terms.limits.certificateLife != nil
        sent = .now
        body = BodyCheck(check.terms.expectation)
        do throws(CurlError) {
            try transfers.start(request) { [unowned self] chunk in
                body.feed(chunk)
            } completion: { [unowned self] outcome in
                switch outcome {
                case .success(let answer): take(answer, to: request)
                case .failure(let error): take(error, from: request)
                }
            }
        } catch {
            // Not from within the call that starts the check.
            loop.after(.zero) { [self] in take(error, from: request) }
        }
    }

    // MARK: Errors

    private func take(_ error: CurlError, from request: HTTPRequest) {
        if error.isRefused && timeLeft > Self.pause {
            loop.after(Self.pause) { [self] in send(request) }
            return
        }
        let error = error.naming(socket: request.unixSocketPath)
        let message = hiding(error.isHeaderTooLong ? error.reason : error.message)
        let reason = hiding(error.reason)
        let cause = error.cause(within: check.terms.timeout.shortText)
        end(
            error.isOwnFault ? .unknown(reason) : .unhealthy(reason), got: reason,
            cause: hiding(cause + beginning(of: error)),
            message: HTTPOkMessages.error(contacting: check.target.redacted, message))
    }

    /// The first line of an answer that is not HTTP, which names most protocols.
    private func beginning(of error: CurlError) -> String {
        guard error.isNotHTTP else { return "" }
        let bytes = body.excerpt.drop { $0 <= 0x20 }.prefix { $0 >= 0x20 }
        let line = String(decoding: bytes.prefix(Self.firstLine), as: UTF8.self)
        return line.isEmpty ? "" : ": '\(line.withVisibleControls)'"
    }

    /// How much of that line is shown, in bytes.
    private static let firstLine = 60

    // MARK: Responses

    private func take(_ answer: HTTPResponse, to request: HTTPRequest) {
        guard case .web(let url) = check.target else {
            return end(.healthy, got: "a connection", answer: answer)
        }
        if let next = check.terms.request.redirect(from: request, answer) {
            redirectCount += 1
            guard redirectCount <= SameHostRedirect.limit else {
                let reason = "more than \(SameHostRedirect.limit) redirects"
                return end(
                    .unhealthy(reason), got: reason, cause: reason, answer: answer,
                    message: HTTPOkMessages.error(contacting: url.redacted, reason))
            }
            // Not from within libcurl's callback.
            loop.after(.zero) { [self] in send(next) }
            return
        }
        // A site may repeat secrets.
        let reason = hiding(String(answer.reason.prefix(200)))
        let status = HTTPOkMessages.status(of: url.redacted, "\(answer.status) \(reason)")
        let words = reason.isEmpty ? "\(answer.status)" : "\(answer.status) \(reason)"
        guard check.terms.expectation.failure(of: answer) == nil else {
            return conclude(answer, words, status, [])
        }
        match(answer, words, status)
    }

    /// Matches the body with regular expressions, in a separate process, since they can take very
    /// long.
    private func match(_ answer: HTTPResponse, _ words: String, _ message: String) {
        let expressions = check.terms.expectation.expressions
        guard !expressions.isEmpty else { return conclude(answer, words, message, []) }
        let text = body.body
        loop.start(
            .worker { ExpressionSearch.firstMissing(of: expressions, in: text) },
            deadline: max(timeLeft, .seconds(1))
        ) { [self] report in
            switch ExpressionSearch.outcome(of: report, expressions) {
            case .success(let faults): conclude(answer, words, message, faults)
            case .failure(let fault):
                end(.unknown("\(fault)"), got: "status \(words)", answer: answer)
            }
        }
    }

    private func conclude(
        _ answer: HTTPResponse, _ words: String, _ message: String, _ missing: [String]
    ) {
        let expectation = check.terms.expectation
        let got = "status \(words)"
        switch expectation.failure(of: answer, bodyFaults: body.faults + missing) {
        case nil:
            end(.healthy, got: got, answer: answer)
        case .status:
            end(
                .unhealthy(got), got: got,
                cause: "HTTP \(answer.status) instead of \(expectation.statuses)", answer: answer,
                message: message)
        case .body(let faults):
            let lines = expectation.isOriginal ? [message] : [message] + faults
            end(
                .unhealthy(faults.joined(separator: ", ")),
                got: ([got] + faults).joined(separator: ", "),
                cause: (["HTTP \(answer.status)"] + faults).joined(separator: ", "),
                answer: answer,
                message: hiding(lines.joined(separator: "\n")), subject: HTTPOkMessages.badBody)
        }
    }

    // MARK: Completion

    private func end(
        _ health: HealthStatus, got: String, cause: String = "", answer: HTTPResponse? = nil,
        message: String = "", subject: String = HTTPOkMessages.badStatus
    ) {
        var result = check.result(health)
        result.subject = subject
        result.message = message
        result.status = answer?.status ?? 0
        result.milliseconds = (Instant.now - begin).milliseconds
        let time = Duration.milliseconds((Instant.now - sent).milliseconds).shortText
        result.cause = answer == nil ? cause : "\(hiding(cause)) after \(time)"
        result.evidence = hiding(
            CheckEvidence(
                expected: check.target.expectation(check.terms.expectation), got: got,
                milliseconds: result.milliseconds, excerpt: body.excerpt
            ).text)
        if health == .healthy, let answer { note(answer, in: &result) }
        completion?(result)
        completion = nil
    }

    /// Records findings about a successful response.
    private func note(_ answer: HTTPResponse, in result: inout CheckResult) {
        let limits = check.terms.limits
        limits.note(latency: .now - sent, of: &result)
        guard let life = limits.certificateLife, let end = answer.certificateEnd else { return }
        let left = end - Timestamp.now.seconds
        if left < life.components.seconds {
            result.notices.append(.certificate(secondsLeft: left))
        }
    }

    /// Redacts secrets in a text.
    private func hiding(_ text: String) -> String {
        check.target.hidingSecrets(in: text)
            .redacting((login?.secrets ?? []) + check.terms.request.secrets)
    }
}
