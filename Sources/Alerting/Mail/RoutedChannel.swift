internal import System
internal import Text

/// A mail channel for some of the incidents: those of a team's own programs.
public struct RoutedChannel: Channel {
    private let base: any Channel
    private let isOwn: @Sendable (Incident) -> Bool
    private let title: (@Sendable (Alert) -> String)?

    /// The base's identity, and the recipients if there are several such channels.
    public let identity: String

    /// Creates a channel.
    ///
    /// - Parameters:
    ///   - base: Delivers the mails.
    ///   - recipients: Distinguishes it from others; nil for the channel of everything else.
    ///   - title: Makes the subject as set, of a mail with some of the incidents; nil for
    ///     superlance's.
    ///   - isOwn: Whether its recipients are to get an incident.
    public init(
        _ base: any Channel, recipients: String?, title: (@Sendable (Alert) -> String)? = nil,
        isOwn: @escaping @Sendable (Incident) -> Bool
    ) {
        self.base = base
        self.title = title
        self.isOwn = isOwn
        identity = recipients.map { "\(base.identity)#\($0)" } ?? base.identity
    }

    /// The base's name.
    public var name: String { base.name }

    /// The base's targets.
    public var targets: [String] { base.targets }

    /// The base's remedy.
    public var rejectionRemedy: String { base.rejectionRemedy }

    /// The base's obstacle.
    public func findObstacle() -> String? { base.findObstacle() }

    /// Whether its recipients are to get an incident.
    public func concerns(_ incident: Incident) -> Bool { isOwn(incident) }

    /// Delivers the alerts without the incidents of others.
    public func attempt(_ parcel: Parcel, to targets: [String]) -> Attempt {
        base.attempt(parcel.restricted(to: isOwn, titled: title), to: targets)
    }
}

extension Alert {
    /// The alert without the incidents that others get; the alert itself if all are meant.
    ///
    /// - Parameters:
    ///   - isOwn: Whether an incident remains.
    ///   - title: Makes the subject as set; nil for superlance's. A reply keeps its subject, which
    ///     is that of the first mail to the same recipients.
    /// - Returns: The alert, with the same identity.
    package func restricted(
        to isOwn: (Incident) -> Bool, titled title: ((Alert) -> String)? = nil
    ) -> Alert {
        let own = incidents.filter(isOwn)
        guard !own.isEmpty, own.count < incidents.count else { return self }
        let part = restricted(to: own)
        guard let title, subject != nil, predecessor == nil else { return part }
        return part.titled(title(part))
    }

    private func restricted(to own: [Incident]) -> Alert {
        guard subject != nil else {
            let host = HostName.current
            return with(TextMessage.of(own.map(\.message), host: host), of: own)
        }
        if let form = AlertForm(of: self) { return form.alert(self, restrictedTo: own) }
        let texts = own.map(\.text).limited(to: Self.mostTexts)
        return with(texts.joined(separator: "\n\n"), of: own)
    }

    private static let mostTexts = 50
}

extension Parcel {
    /// The alerts without the incidents that others get.
    fileprivate func restricted(
        to isOwn: (Incident) -> Bool, titled title: ((Alert) -> String)?
    ) -> Parcel {
        with(alerts.map { $0.restricted(to: isOwn, titled: title) })
    }
}
