// A way by which alerts leave this host.

public import EventLoop

/// A way by which alerts leave this host.
///
/// A channel says what a child process has to do to deliver alerts, and reads from its end what
/// became of them. The ``Outbox`` does the rest: when, how often, how many at once.
public protocol Channel {
    /// What a log calls the channel, such as `sendmail`; without secrets.
    var name: String { get }

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

    /// What to do to deliver one alert.
    ///
    /// - Parameters:
    ///   - alert: The alert, or a digest of several.
    ///   - targets: Those of ``targets`` who have not been told yet.
    /// - Returns: The attempt, which the outbox makes.
    func attempt(_ alert: Alert, to targets: [String]) -> Attempt
}

extension Channel {
    /// What would keep alerts from being delivered, found out without sending one.
    ///
    /// It may take long: call it in a worker.
    ///
    /// - Returns: The obstacle, as one clause; nothing if none was found.
    public func findObstacle() -> String? { nil }

    /// A channel is mail unless it says otherwise.
    public var isMail: Bool { true }

    /// A channel forgets what it has delivered unless it says otherwise.
    public var tracksResolution: Bool { false }
}

/// One attempt to deliver an alert: what a child does, and how to read what became of it.
public struct Attempt {
    /// What the child runs.
    public let program: ChildProgram

    /// What it finds on its input.
    public let input: [UInt8]

    /// How long it may take.
    public let deadline: Duration

    /// Reads from a child's end what became of each target.
    public let statuses: (ChildReport) -> [String: DeliveryStatus]

    /// Reads from a child's end what a server said when it took the alert; nothing if it said
    /// nothing.
    public let answer: (ChildReport) -> String?

    /// Describes an attempt.
    ///
    /// - Parameters:
    ///   - program: What the child runs.
    ///   - input: What it finds on its input.
    ///   - deadline: How long it may take.
    ///   - answer: Reads from the child's end what a server said when it took the alert.
    ///   - statuses: Reads from the child's end what became of each target; those it does not name
    ///     are tried again.
    public init(
        program: ChildProgram, input: [UInt8], deadline: Duration,
        answer: @escaping (ChildReport) -> String? = { _ in nil },
        statuses: @escaping (ChildReport) -> [String: DeliveryStatus]
    ) {
        self.program = program
        self.input = input
        self.deadline = deadline
        self.answer = answer
        self.statuses = statuses
    }
}

/// What became of a delivery to one target.
public enum DeliveryStatus: Hashable, Sendable {
    /// It has been taken over by whoever is next.
    case accepted
    /// It failed for now; trying again makes sense, though not before a pause if the other side
    /// asked for one. The reason is one clause.
    case later(String, pause: Duration? = nil)
    /// It was refused for good. The reason is one clause.
    case refused(String)
}
