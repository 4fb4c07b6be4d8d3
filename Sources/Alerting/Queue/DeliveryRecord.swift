internal import EventLoop

/// A worker's report: the status of the delivery to one recipient, or of a run of incidents.
struct DeliveryRecord<Target: DeliveryRecordTarget>: WorkerRecord {
    static var recordName: String { "delivery" }

    /// What the status applies to.
    let target: Target
    let status: DeliveryStatus
    /// The server's response to what it accepted, for the log; empty if it gave none.
    let answer: String

    init(_ target: Target, _ status: DeliveryStatus, answer: String = "") {
        self.target = target
        self.status = status
        self.answer = answer
    }

    init?(fields: [String]) {
        guard fields.count == 5, let target = Target(field: fields[0]) else { return nil }
        self.target = target
        self.answer = fields[4]
        let (reason, number) = (fields[2], Int(fields[3]))
        switch fields[1] {
        case "accepted": status = .accepted
        case "later": status = .later(reason, pause: number.map(Duration.seconds))
        case "blocked": status = .blocked(reason)
        case "too large": status = .tooLarge(reason, limit: number)
        case "oversized":
            status = .tooLarge(reason, limit: number, isCertain: false)
        case "refused": status = .refused(reason)
        default: return nil
        }
    }

    var fields: [String] {
        let (kind, reason, number): (String, String, Int?) =
            switch status {
            case .accepted: ("accepted", "", nil)
            case .later(let reason, let pause):
                ("later", reason, pause.map { Int($0.components.seconds) })
            case .blocked(let reason): ("blocked", reason, nil)
            case .tooLarge(let reason, let limit, let isCertain):
                (isCertain ? "too large" : "oversized", reason, limit)
            case .refused(let reason): ("refused", reason, nil)
            }
        return [target.field, kind, reason, number.map(String.init) ?? "", answer]
    }
}

extension DeliveryRecord {
    /// Returns the first response to something accepted.
    ///
    /// - Parameter records: The worker's records.
    /// - Returns: The response; `nil` if nothing was accepted.
    static func answer(in records: WorkerRecords) -> String? {
        records.all(Self.self).first { $0.status == .accepted }?.answer
    }
}

/// What a ``DeliveryRecord`` applies to.
protocol DeliveryRecordTarget {
    /// It as one field of a record.
    var field: String { get }

    /// Parses a field; `nil` if it is not valid.
    init?(field: String)
}

/// A recipient's address.
extension String: DeliveryRecordTarget {
    var field: String { self }

    init(field: String) {
        self = field
    }
}

/// The positions of incidents in a parcel.
extension Range: DeliveryRecordTarget where Bound == Int {
    var field: String { "\(lowerBound)-\(upperBound)" }

    init?(field: String) {
        let bounds = field.split(separator: "-").map { Int($0) }
        guard bounds.count == 2, let begin = bounds[0], let end = bounds[1], begin <= end
        else { return nil }
        self = begin..<end
    }
}
