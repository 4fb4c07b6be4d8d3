public import System
internal import Text

/// A message about one or several incidents.
public struct Alert: Hashable, Sendable {
    /// The subject; `nil` for a text message.
    public let subject: String?

    /// The text, one or more lines without the last line end.
    public let body: String

    /// When the incident occurred, which may be long before the delivery.
    public let time: Timestamp

    /// The date of the message: that of a single incident, or when several were first sent
    /// together.
    public let date: Timestamp

    /// The incidents, for channels with their own format.
    public let incidents: [Incident]

    /// Identifies the alert in every delivery.
    public let identity: Identity

    /// The alert that this one follows up, so that mail readers show them as a thread.
    public let predecessor: Identity?

    /// Identifies an alert.
    public struct Identity: Hashable, Sendable {
        let seconds: Int
        let number: UInt64
    }

    /// Creates an alert.
    ///
    /// - Parameters:
    ///   - subject: The subject; `nil` for a text message.
    ///   - body: The text.
    ///   - time: When the incident occurred.
    ///   - date: When several incidents were first sent together; the same as `time` for one.
    ///   - incidents: The incidents.
    ///   - predecessor: The alert that this one follows up.
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
        // The body contains untrusted names, logs and output of other programs.
        self.body = body.withVisibleControls
        self.time = time
        self.date = date ?? time
        self.incidents = incidents
        self.identity = identity
        self.predecessor = predecessor
    }

    /// Returns the same alert with another text.
    ///
    /// - Parameters:
    ///   - body: The text.
    ///   - incidents: The incidents.
    /// - Returns: The alert, with the same identity.
    public func with(_ body: String, of incidents: [Incident]) -> Alert {
        Alert(
            subject: subject, body: body, time: time, date: date, incidents: incidents,
            identity: identity, predecessor: predecessor)
    }

    /// Returns the same alert with another subject.
    ///
    /// - Parameter subject: The subject.
    /// - Returns: The alert, with the same identity.
    public func titled(_ subject: String) -> Alert {
        Alert(
            subject: subject, body: body, time: time, date: date, incidents: incidents,
            identity: identity, predecessor: predecessor)
    }

    /// Returns the same alert with other details of its incidents, in the text, too.
    ///
    /// - Parameter replacements: As many incidents, in the same order.
    /// - Returns: The alert, with the same identity.
    public func replacing(_ replacements: [Incident]) -> Alert {
        var text = ""
        var rest = body[...]
        for (old, new) in zip(incidents, replacements) where old.text != new.text {
            // Text elsewhere is not the incident's own.
            guard let place = rest.firstRange(ofText: old.text.withVisibleControls) else {
                continue
            }
            text += rest[..<place.lowerBound] + new.text.withVisibleControls
            rest = rest[place.upperBound...]
        }
        return with("\(text)\(rest)", of: replacements)
    }

    /// The incidents; if there are none, one of unknown kind.
    public var effectiveIncidents: [Incident] {
        guard incidents.isEmpty else { return incidents }
        return [Incident(.other, at: time, message: subject ?? body)]
    }

    /// Subject and body as logged.
    public var text: String {
        guard let subject else { return body }
        return "Subject: \(subject)\n\n\(body)"
    }
}
