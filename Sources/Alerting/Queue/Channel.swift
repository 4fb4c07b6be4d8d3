// A way by which alerts leave this host.

/// A way by which alerts leave this host.
///
/// A channel says what a child process has to do to deliver alerts, and reads from its end what
/// became of them. The ``Outbox`` does the rest: when, how often, how many at once.
public protocol Channel {
    /// What a log calls the channel, such as `sendmail`; without secrets.
    var name: String { get }

    /// By which the spool knows the channel, whatever other channels there are and in which order;
    /// without secrets.
    ///
    /// What stands before the first `#` is its kind.
    var identity: String { get }

    /// All who are to be told, each named as the channel names it; who has been told is not told
    /// again.
    var targets: [String] { get }

    /// Whether what it delivers is mail, as superlance's log calls it.
    var isMail: Bool { get }

    /// Whether it keeps what is wrong until it is told that it is well again.
    ///
    /// Such a channel gets alerts in their order, one attempt at a time, and is told of every
    /// recovery.
    var tracksResolution: Bool { get }

    /// What would keep alerts from being delivered, found out without sending one.
    ///
    /// It may take long: call it in a worker.
    ///
    /// - Returns: The obstacle, as one clause; nothing if none was found.
    func findObstacle() -> String?

    /// What to do to deliver alerts.
    ///
    /// - Parameters:
    ///   - parcel: The alerts.
    ///   - targets: Those of ``targets`` who have not been told yet.
    /// - Returns: The attempt, which the outbox makes.
    func attempt(_ parcel: Parcel, to targets: [String]) -> Attempt
}

extension Channel {
    /// What would keep alerts from being delivered, found out without sending one.
    ///
    /// It may take long: call it in a worker.
    ///
    /// - Returns: The obstacle, as one clause; nothing if none was found.
    public func findObstacle() -> String? { nil }

    /// The name, unless the channel says otherwise.
    public var identity: String { name }

    /// A channel is mail unless it says otherwise.
    public var isMail: Bool { true }

    /// A channel forgets what it has delivered unless it says otherwise.
    public var tracksResolution: Bool { false }
}
