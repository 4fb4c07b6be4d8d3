/// An alert in the spool, with its remaining recipients.
public struct SpooledAlert: Hashable, Sendable {
    /// The alert.
    public var alert: Alert

    /// The remaining recipients, by the identity of the channel.
    public var remaining: [String: [String]]

    /// The recipients that no longer require it, in the same form.
    public var finished: [String: [String]] = [:]

    /// How long it has been undelivered; nil if unknown.
    public var age: SpoolAge?

    /// Creates the content of a file.
    ///
    /// - Parameters:
    ///   - alert: The alert.
    ///   - remaining: The remaining recipients, by the identity of the channel.
    ///   - finished: The recipients that no longer require it.
    ///   - age: How long it has been undelivered.
    public init(
        _ alert: Alert, remaining: [String: [String]], finished: [String: [String]] = [:],
        age: SpoolAge? = nil
    ) {
        self.alert = alert
        self.remaining = remaining
        self.finished = finished
        self.age = age
    }

    var records: [[String]] {
        Self.records("owed", remaining) + Self.records("settled", finished)
            + (age.map { [["age"] + $0.fields] } ?? []) + alert.records
    }

    init?(records: [[String]]) {
        guard let alert = Alert(records: records) else { return nil }
        self.init(
            alert, remaining: Self.targets("owed", in: records),
            finished: Self.targets("settled", in: records),
            age: records.first { $0.first == "age" }.flatMap {
                SpoolAge(fields: $0.dropFirst())
            })
    }

    private static func records(_ name: String, _ targets: [String: [String]]) -> [[String]] {
        targets.sorted { $0.key < $1.key }.map { [name, $0.key] + $0.value }
    }

    private static func targets(_ name: String, in records: [[String]]) -> [String: [String]] {
        let named = records.filter { $0.first == name && $0.count > 1 }
            .map { ($0[1], Array($0.dropFirst(2))) }
        return Dictionary(named) { $1 }
    }
}
