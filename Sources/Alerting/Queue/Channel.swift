/// A way to deliver alerts.
///
/// A channel defines what a child process does to deliver an alert, and interprets its result. The
/// ``Outbox`` decides when, how often and how many deliveries are attempted.
public protocol Channel {
    /// The channel's name in logs, such as `sendmail`; without secrets.
    var name: String { get }

    /// Identifies the channel in the spool, independently of other channels and their order;
    /// without secrets.
    ///
    /// The text before the first `#` is the channel's kind.
    var identity: String { get }

    /// The targets of alerts, with unique names; each receives an alert only once.
    var targets: [String] { get }

    /// Whether it delivers mail, which superlance's log lines refer to.
    var isMail: Bool { get }

    /// Whether the service keeps an alert active until it is resolved.
    ///
    /// Such a channel receives alerts in order, one attempt at a time, and all resolutions.
    var tracksResolution: Bool { get }

    /// Whether it forgets alerts that are not repeated.
    var expiresAlerts: Bool { get }

    /// What an operator can check if messages are rejected, unless they are the cause themselves.
    var rejectionRemedy: String { get }

    /// Whether its targets are to get an incident.
    func concerns(_ incident: Incident) -> Bool

    /// Checks whether alerts could be delivered, without sending one.
    ///
    /// It may take long: call it in a worker.
    ///
    /// - Returns: The obstacle, as one clause; nil if none was found.
    func findObstacle() -> String?

    /// Creates an attempt to deliver alerts.
    ///
    /// - Parameters:
    ///   - parcel: The alerts.
    ///   - targets: Those of ``targets`` that have not received the alerts yet.
    /// - Returns: The attempt, which the outbox makes.
    func attempt(_ parcel: Parcel, to targets: [String]) -> Attempt
}

extension Channel {
    /// By default, a channel gets every incident.
    public func concerns(_ incident: Incident) -> Bool { true }

    /// Checks whether alerts could be delivered, without sending one.
    ///
    /// It may take long: call it in a worker.
    ///
    /// - Returns: The obstacle, as one clause; nil if none was found.
    public func findObstacle() -> String? { nil }

    /// The name, unless the channel defines another identity.
    public var identity: String { name }

    /// By default, a channel is mail.
    public var isMail: Bool { true }

    /// By default, a channel does not track resolution.
    public var tracksResolution: Bool { false }

    /// By default, the sender's account may be the cause.
    public var rejectionRemedy: String {
        "check --fromEmail, and the account that sends the mail"
    }

    /// By default, alerts are sent once.
    public var expiresAlerts: Bool { false }
}
