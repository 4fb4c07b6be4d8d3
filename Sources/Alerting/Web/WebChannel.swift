public import Curl
internal import EventLoop
internal import Glibc
internal import System
internal import Text

/// Posts alerts to a web service, each in a worker.
public struct WebChannel: Channel {
    /// The channel's name in logs.
    public let name: String

    /// Identifies the channel in the spool: its kind and a hash of its address, which does not
    /// reveal the address.
    public let identity: String

    /// Whether the service keeps alerts active until they are resolved.
    public let tracksResolution: Bool

    /// Whether the service forgets alerts that are not repeated.
    public let expiresAlerts: Bool

    private let address: WebAddress
    /// A resource that exists if the address is right, and can be requested without effect.
    private let probe: WebAddress?
    private let format: any WebFormat
    private let fields: [HTTPField]
    private let authorities: CertificateAuthorities

    /// The timeout of a connection.
    private static let connectTimeout = Duration.seconds(20)

    /// The timeout of a request; longer, because a slow server has not failed.
    private static let timeout = Duration.seconds(120)

    init(
        name: String, kind: String, address: WebAddress, format: any WebFormat,
        fields: [HTTPField] = [], authorities: CertificateAuthorities,
        tracksResolution: Bool = false, expiresAlerts: Bool = false, probe: WebAddress? = nil
    ) {
        self.name = name
        let secrets = format.identifyingSecret.map { "\(address.url) \($0)" } ?? address.url
        identity = "\(kind)#\(String(secrets.checksum, radix: 16))"
        self.expiresAlerts = expiresAlerts
        self.address = address
        self.probe = probe
        self.format = format
        self.fields = fields
        self.authorities = authorities
        self.tracksResolution = tracksResolution
    }

    /// The service, as scheme and host.
    public var targets: [String] { ["\(address)"] }

    /// Requests the root of the service with GET: any response shows that it is reachable.
    ///
    /// If there is a resource to probe, the response also shows whether the path is right.
    public func findObstacle() -> String? {
        var request = HTTPRequest(probe?.url ?? "\(address)/")
        request.authorities = authorities
        request.userAgent = "superlance"
        do throws(CurlError) {
            let answer = try request.perform { _ in false }
            return probe == nil ? nil : obstacle(in: answer)
        } catch {
            return "\(address) does not respond: \(address.redacting("\(error)"))"
        }
    }

    private func obstacle(in answer: HTTPResponse) -> String? {
        let reason = "\(address) returned \(WebStatus.said(answer, from: address))"
        switch answer.status {
        // A proxy may allow nothing but alerts.
        case 200...299, 403, 405: return nil
        case 401, 407: return "\(reason): add the login to the URL"
        case 500...599: return reason
        default: return "\(reason): correct the URL"
        }
    }

    /// What the format says.
    public var rejectionRemedy: String { format.rejectionRemedy }

    /// The channel does not deliver mail.
    public var isMail: Bool { false }

    /// Creates an attempt to deliver alerts.
    public func attempt(_ parcel: Parcel, to targets: [String]) -> Attempt {
        let delivery = WebDelivery(address: address, format: format, base: request)
        let places = parcel.incidentPlaces
        return Attempt(
            program: .worker {
                delivery.run(parcel)
                return EX_OK
            },
            deadline: WebDelivery.retryTimeout + Self.timeout + .seconds(5), to: targets,
            answer: { DeliveryRecord<Range<Int>>.answer(in: WorkerRecords($0.output)) }
        ) { report in
            let statuses = WebStatus.reader(report, from: address)
            return { statuses(places[$0]) }
        }
    }

    /// A request without a body.
    private var request: HTTPRequest {
        var request = HTTPRequest(address.url)
        request.method = .post
        request.fields = fields
        if !fields.contains(where: { $0.name.isExactly(ignoringCase: "content-type") }) {
            request.fields.append(HTTPField("Content-Type", "application/json"))
        }
        request.userAgent = "superlance"
        request.connectTimeout = Self.connectTimeout
        request.timeout = Self.timeout
        request.authorities = authorities
        return request
    }
}

extension WebChannel {
    /// The first of `name address`, `name address (2)` and so on that is not in use.
    private static func name(
        _ kind: String, _ address: WebAddress, besides channels: [any Channel]
    ) -> String {
        let name = "\(kind) \(address)"
        let taken = channels.count { $0.name == name || $0.name.hasPrefix("\(name) (") }
        return taken == 0 ? name : "\(name) (\(taken + 1))"
    }

    /// Creates a webhook with our own JSON or that of a template.
    ///
    /// - Parameters:
    ///   - address: The URL.
    ///   - fields: Additional header fields.
    ///   - template: The template of the body; nil for our own JSON.
    ///   - origin: The sender.
    ///   - authorities: The certificate authorities to trust.
    ///   - channels: The existing channels.
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
            name: name("webhook", address, besides: channels), kind: "webhook", address: address,
            format: format, fields: fields, authorities: authorities)
    }

    /// Creates a channel for a Slack incoming webhook.
    ///
    /// - Parameters:
    ///   - address: The URL.
    ///   - channel: The channel in Slack; nil for the webhook's own.
    ///   - origin: The sender.
    ///   - authorities: The certificate authorities to trust.
    /// - Returns: The channel.
    public static func slack(
        _ address: WebAddress, channel: String?, origin: Origin,
        authorities: CertificateAuthorities
    ) -> WebChannel {
        WebChannel(
            name: name("Slack", address, besides: []), kind: "Slack", address: address,
            format: SlackFormat(channel: channel, origin: origin), authorities: authorities)
    }

    /// Creates a channel for one peer of Prometheus's Alertmanager.
    ///
    /// - Parameters:
    ///   - address: The URL of the peer, without `/api/v2/alerts`.
    ///   - origin: The sender.
    ///   - authorities: The certificate authorities to trust.
    ///   - channels: The existing channels.
    ///   - lifetime: How long an alert stays active after it was last sent, in seconds.
    /// - Returns: The channel.
    public static func alertmanager(
        _ address: WebAddress, origin: Origin, authorities: CertificateAuthorities,
        besides channels: [any Channel], lifetime: Int = 480
    ) -> WebChannel {
        WebChannel(
            name: name("Alertmanager", address, besides: channels), kind: "Alertmanager",
            address: address.appending("/api/v2/alerts"),
            format: AlertmanagerFormat(origin: origin, lifetime: lifetime),
            authorities: authorities,
            tracksResolution: true, expiresAlerts: true,
            probe: address.appending("/api/v2/status"))
    }

    /// Creates a channel for PagerDuty.
    ///
    /// - Parameters:
    ///   - address: The URL of the Events API, without `/v2/enqueue`.
    ///   - routingKey: The integration key of a service.
    ///   - origin: The sender.
    ///   - authorities: The certificate authorities to trust.
    /// - Returns: The channel.
    public static func pagerDuty(
        _ address: WebAddress, routingKey: String, origin: Origin,
        authorities: CertificateAuthorities
    ) -> WebChannel {
        var address = address.appending("/v2/enqueue")
        address.others = [routingKey]
        return WebChannel(
            name: name("PagerDuty", address, besides: []), kind: "PagerDuty", address: address,
            format: PagerDutyFormat(routingKey: routingKey, origin: origin),
            authorities: authorities, tracksResolution: true)
    }
}
