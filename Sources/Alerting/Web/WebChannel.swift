// Alerts to a web service, by POST.

public import Curl
internal import EventLoop
internal import Glibc
internal import System

/// Alerts to a web service, by POST, each by a worker.
public struct WebChannel: Channel {
    /// What a log calls the channel, by which the spool knows it too.
    public let name: String

    /// Whether the service keeps what is wrong.
    public let tracksResolution: Bool

    private let address: WebAddress
    private let format: any WebFormat
    private let fields: [HTTPField]
    private let authorities: CertificateAuthorities

    /// How long a delivery may take.
    private static let timeout = Duration.seconds(20)

    /// The most of an answer that is read, in bytes.
    private static let answerLimit = 65_536

    init(
        name: String, address: WebAddress, format: any WebFormat, fields: [HTTPField] = [],
        authorities: CertificateAuthorities, tracksResolution: Bool = false
    ) {
        self.name = name
        self.address = address
        self.format = format
        self.fields = fields
        self.authorities = authorities
        self.tracksResolution = tracksResolution
    }

    /// The service, by scheme and host.
    public var targets: [String] { ["\(address)"] }

    /// Requests the root of the service, by GET: any response shows that it is there.
    public func findObstacle() -> String? {
        var request = HTTPRequest("\(address)/")
        request.authorities = authorities
        request.userAgent = "superlance"
        do throws(CurlError) {
            _ = try request.perform { _ in false }
            return nil
        } catch {
            return "\(address) does not respond: \(error)"
        }
    }

    /// It is no mail.
    public var isMail: Bool { false }

    /// What to do to deliver one alert.
    public func attempt(_ alert: Alert, to targets: [String]) -> Attempt {
        Attempt(
            program: .worker {
                deliver(alert)
                return EX_OK
            }, input: [],
            deadline: Self.timeout + .seconds(5),
            answer: WebStatus.answer
        ) { report in
            let status = WebStatus.read(report, from: address)
            return Dictionary(uniqueKeysWithValues: targets.map { ($0, status) })
        }
    }

    // MARK: In the worker

    private func deliver(_ alert: Alert) {
        do throws(WebFormatError) {
            guard let body = try format.body(of: alert) else {
                return WebStatus.write(.accepted)
            }
            post(body)
        } catch {
            WebStatus.write(error.mayPass ? .later(error.reason) : .refused(error.reason))
        }
    }

    private func post(_ body: [UInt8]) {
        var request = HTTPRequest(address.url)
        request.method = .post
        request.body = body
        request.fields = fields
        if !fields.contains(where: { $0.name.lowercased() == "content-type" }) {
            request.fields.append(HTTPField("Content-Type", "application/json"))
        }
        request.userAgent = "superlance"
        request.timeout = Self.timeout
        request.authorities = authorities
        var answer: [UInt8] = []
        do throws(CurlError) {
            let head = try request.perform { chunk in
                answer += chunk
                // Whatever follows does not change what it means.
                return answer.count < Self.answerLimit
            }
            judge(
                HTTPResponse(
                    status: head.status, reason: head.reason, fields: head.fields, body: answer))
        } catch {
            WebStatus.write(WebStatus.of(error, from: address))
        }
    }

    private func judge(_ answer: HTTPResponse) {
        let said = WebStatus.said(answer, from: address)
        let status = WebStatus.of(answer, from: address, at: .now)
        guard status == .accepted && !format.accepts(answer.body) else {
            return WebStatus.write(status, answer: said)
        }
        // There is no common sign of what may pass.
        WebStatus.write(.refused("\(address) said \(said)"))
    }
}

extension WebChannel {
    /// The first of `name address`, `name address (2)` and so on that is not taken yet: the spool
    /// keeps by name who is still to be told.
    private static func name(
        _ kind: String, _ address: WebAddress, besides channels: [any Channel]
    ) -> String {
        let name = "\(kind) \(address)"
        let taken = channels.count { $0.name == name || $0.name.hasPrefix("\(name) (") }
        return taken == 0 ? name : "\(name) (\(taken + 1))"
    }

    /// A webhook: our own JSON, or that of a template.
    ///
    /// - Parameters:
    ///   - address: Where alerts are posted.
    ///   - fields: Header fields to send.
    ///   - template: What makes the body; nothing for our own JSON.
    ///   - origin: Who tells.
    ///   - authorities: Whom to trust.
    ///   - channels: Those there are already.
    /// - Returns: The channel.
    public static func webhook(
        _ address: WebAddress, fields: [HTTPField], template: Template?, origin: Origin,
        authorities: CertificateAuthorities, besides channels: [any Channel]
    ) -> WebChannel {
        let document = AlertDocument(origin: origin)
        let format: any WebFormat =
            template.map { TemplateFormat(template: $0, document: document) }
            ?? WebhookFormat(document: document)
        return WebChannel(
            name: name("webhook", address, besides: channels), address: address, format: format,
            fields: fields, authorities: authorities)
    }

    /// Slack's incoming webhook.
    ///
    /// - Parameters:
    ///   - address: Where alerts are posted.
    ///   - channel: The channel in Slack; nothing for the webhook's own.
    ///   - origin: Who tells.
    ///   - authorities: Whom to trust.
    /// - Returns: The channel.
    public static func slack(
        _ address: WebAddress, channel: String?, origin: Origin,
        authorities: CertificateAuthorities
    ) -> WebChannel {
        WebChannel(
            name: name("Slack", address, besides: []), address: address,
            format: SlackFormat(channel: channel, origin: origin), authorities: authorities)
    }

    /// One peer of Prometheus's Alertmanager.
    ///
    /// - Parameters:
    ///   - address: The peer, without `/api/v2/alerts`.
    ///   - origin: Who tells.
    ///   - authorities: Whom to trust.
    ///   - channels: Those there are already.
    ///   - lifetime: How long an alert stands after it was last sent, in seconds.
    /// - Returns: The channel.
    public static func alertmanager(
        _ address: WebAddress, origin: Origin, authorities: CertificateAuthorities,
        besides channels: [any Channel], lifetime: Int = 480
    ) -> WebChannel {
        WebChannel(
            name: name("Alertmanager", address, besides: channels),
            address: address.appending("/api/v2/alerts"),
            format: AlertmanagerFormat(origin: origin, lifetime: lifetime),
            authorities: authorities,
            tracksResolution: true)
    }
}
