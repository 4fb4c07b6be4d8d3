internal import ListenerProtocol
public import System
internal import Text

/// An incident in one line, the same for every channel: where, what, why and how often, such as
/// `[shop-1] worker:worker_01 crashed: SIGSEGV after 6 s (5th time in 1 h)`.
public struct Headline: Hashable, Sendable {
    /// The host, or `host/identifier` if the identifier of supervisord is not the default.
    public let place: String

    /// The process or the URL; nil if it is about neither.
    public let topic: String?

    /// What happened to it, as a predicate such as `crashed`.
    public let predicate: String

    /// Why, in words; nil if unknown.
    public let reason: String?

    /// How often, as a remark such as `5th time in 1 h`; nil if there is nothing to say.
    public let remark: String?

    /// The maximum length in bytes.
    public static let limit = 400

    /// supervisord's default `identifier` (Supervisor manual, section `[supervisord]`).
    static let defaultIdentifier = "supervisor"

    /// The headline of an incident.
    ///
    /// - Parameters:
    ///   - incident: The incident.
    ///   - host: The host, if the incident does not know it.
    public init(of incident: Incident, on host: String = HostName.current) {
        self.init(
            place: Self.place(incident, on: host), topic: incident.topic,
            predicate: incident.headlinePredicate, reason: incident.headlineReason,
            remark: incident.diagnostics?.crashes?.remark)
    }

    /// The headline of an alert: that of its incident, or one that names the processes and URLs of
    /// several.
    ///
    /// - Parameters:
    ///   - alert: The alert.
    ///   - host: The host, if the incidents do not know it.
    public init(of alert: Alert, on host: String = HostName.current) {
        let incidents = alert.effectiveIncidents
        guard let first = incidents.first, incidents.count > 1 else {
            self.init(
                of: incidents.first ?? Incident(.other, at: alert.time, message: ""), on: host)
            return
        }
        let place = Self.place(first, on: host)
        let names = incidents.compactMap(\.topic).withoutRepetitions()
        let list = Self.list(names)
        guard let predicate = Self.predicate(of: incidents),
            incidents.allSatisfy({ $0.topic != nil })
        else {
            self.init(
                place: place, topic: nil, predicate: "\(incidents.count) alerts: \(list)",
                reason: nil, remark: nil)
            return
        }
        self.init(
            place: place, topic: list, predicate: predicate, reason: Self.reason(of: incidents),
            remark: incidents.count > names.count ? "\(incidents.count) times" : nil)
    }

    /// What happened to all of them; nil if that differs.
    private static func predicate(of incidents: [Incident]) -> String? {
        let predicates = Set(incidents.map(\.headlinePredicate))
        guard predicates.count > 1 else { return predicates.first }
        return incidents.allSatisfy { $0.kind == .recovered } ? "recovered" : nil
    }

    /// Why it happened to all of them; nil if that differs.
    private static func reason(of incidents: [Incident]) -> String? {
        let reasons = Set(incidents.map(\.commonReason))
        return reasons.count == 1 ? reasons.first ?? nil : nil
    }

    private init(
        place: String, topic: String?, predicate: String, reason: String?, remark: String?
    ) {
        self.place = place
        self.topic = topic
        self.predicate = predicate
        self.reason = reason
        self.remark = remark
    }

    /// The line, without control characters.
    public var text: String { "[\(place)] \(textWithoutPlace)".headlineText }

    /// The line without the host.
    public var textWithoutPlace: String {
        let event = topic.map { "\($0) \(predicate)" } ?? predicate
        let cause = reason.map { ": \($0)" } ?? ""
        let count = remark.map { " (\($0))" } ?? ""
        return "\(event)\(cause)\(count)".headlineText
    }

    private static func place(_ incident: Incident, on host: String) -> String {
        let host = incident.diagnostics?.host ?? host
        guard let identifier = incident.supervisor, !identifier.isEmpty,
            identifier != defaultIdentifier
        else { return host }
        return "\(host)/\(identifier)"
    }

    /// Up to three names, and the number of the others.
    private static func list(_ names: [String]) -> String {
        switch names.count {
        case 0: return "several"
        case 1...3:
            let last = names.suffix(1).joined()
            return names.count == 1
                ? last : "\(names.dropLast().joined(separator: ", ")) and \(last)"
        default: return names.abbreviated(to: 3)
        }
    }
}

extension String {
    /// One line of limited length, without control characters.
    fileprivate var headlineText: String {
        // Names, reasons and answers of servers are untrusted.
        let line = unicodeScalars.map { scalar in
            scalar.value < 0x20 || scalar.value == 0x7F || scalar.properties.isWhitespace
                ? " " : String(scalar)
        }.joined()
        return line.withVisibleControls.cut(to: Headline.limit)
    }
}
