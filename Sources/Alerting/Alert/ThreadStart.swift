/// The mail with which a thread begins.
public struct ThreadStart: Hashable, Sendable {
    /// Identifies the mail.
    public let identity: Alert.Identity

    /// Its subject; nil for a text message.
    public let subject: String?

    init(_ identity: Alert.Identity, subject: String?) {
        self.identity = identity
        self.subject = subject
    }

    /// The thread that an alert begins.
    ///
    /// - Parameter alert: The alert.
    public init(_ alert: Alert) {
        self.init(alert.identity, subject: alert.subject)
    }

    /// The subject of all that follows (RFC 5322, section 3.6.5).
    ///
    /// Mail services such as Gmail compare it with that of the first mail.
    public var reply: String? { subject.map { "Re: \($0)" } }
}

extension ThreadStart {
    /// The thread's start as a record.
    var record: [String] {
        ["start"] + identity.fields + [subject].compactMap { $0 }
    }

    /// Finds the record of a thread's start.
    init?(records: some Collection<[String]>) {
        guard let record = records.first(where: { $0.first == "start" && $0.count >= 3 }),
            let identity = Alert.Identity(fields: record[1...2])
        else { return nil }
        self.init(identity, subject: record.count > 3 ? record[3] : nil)
    }
}
