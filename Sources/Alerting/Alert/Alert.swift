// Something that must be told.

public import System
internal import Text

/// Something that must be told: one incident, or several together.
public struct Alert: Hashable, Sendable {
    /// What it is about, in a line; `nil` for a text message.
    public let subject: String?

    /// The text, one or more lines without the last end.
    public let body: String

    /// When it happened, which may be long before it is delivered.
    public let time: Timestamp

    /// When what it says was put together: the time of a single event, and the moment at which
    /// several were first sent together.
    public let date: Timestamp

    /// What it tells of, for channels that tell it in another form.
    public let incidents: [Incident]

    /// By which it is known, however often it is sent.
    public let identity: Identity

    /// The alert that this one follows, so that a mail reader shows them together.
    public let predecessor: Identity?

    /// By which an alert is known.
    public struct Identity: Hashable, Sendable {
        let seconds: Int
        let number: UInt64
    }

    /// Describes something that must be told.
    ///
    /// - Parameters:
    ///   - subject: What it is about; `nil` for a text message.
    ///   - body: The text.
    ///   - time: When it happened.
    ///   - date: When several events were put together; the same as `time` for one.
    ///   - incidents: What it tells of.
    ///   - predecessor: The alert that this one follows.
    public init(
        subject: String?, body: String, time: Timestamp, date: Timestamp? = nil,
        incidents: [Incident] = [], predecessor: Identity? = nil
    ) {
        self.init(
            subject: subject, body: body, time: time, date: date, incidents: incidents,
            identity: Identity(seconds: time.seconds, number: .random(in: .min ... .max)),
            predecessor: predecessor)
    }

    init(
        subject: String?, body: String, time: Timestamp, date: Timestamp? = nil,
        incidents: [Incident], identity: Identity, predecessor: Identity?
    ) {
        self.subject = subject
        // Names, logs and other programs' words come together here.
        self.body = body.withVisibleControls
        self.time = time
        self.date = date ?? time
        self.incidents = incidents
        self.identity = identity
        self.predecessor = predecessor
    }

    /// The same alert with other words.
    ///
    /// - Parameters:
    ///   - body: The text.
    ///   - incidents: What it tells of.
    /// - Returns: The alert, still known by the same identity.
    public func with(_ body: String, of incidents: [Incident]) -> Alert {
        Alert(
            subject: subject, body: body, time: time, date: date, incidents: incidents,
            identity: identity, predecessor: predecessor)
    }

    /// What it tells of; one incident of no known kind where nothing else is known.
    public var effectiveIncidents: [Incident] {
        guard incidents.isEmpty else { return incidents }
        return [Incident(.other, at: time, message: subject ?? body)]
    }

    /// Subject and body as they stand in a log.
    public var text: String {
        guard let subject else { return body }
        return "Subject: \(subject)\n\n\(body)"
    }
}
