/// A finding about a site that is reported but causes no restart.
enum CheckNotice: Hashable {
    /// The response was slower than the limit, both in milliseconds.
    case slow(time: Int, limit: Int)
    /// The certificate expires in this number of seconds, negative if it has expired.
    case certificate(secondsLeft: Int)

    /// The kind of notice, without its numbers.
    enum Kind: String, Hashable, CaseIterable {
        case slow
        case certificate
    }

    /// The kind of notice.
    var kind: Kind {
        switch self {
        case .slow: .slow
        case .certificate: .certificate
        }
    }
}

extension CheckNotice {
    /// The notice as fields of a record.
    var fields: [String] {
        switch self {
        case .slow(let time, let limit): [kind.rawValue, "\(time)", "\(limit)"]
        case .certificate(let seconds): [kind.rawValue, "\(seconds)", "0"]
        }
    }

    /// Parses three fields of a record.
    init?(_ fields: ArraySlice<String>) {
        let fields = Array(fields)
        guard fields.count == 3, let first = Int(fields[1]), let second = Int(fields[2]) else {
            return nil
        }
        switch Kind(rawValue: fields[0]) {
        case .slow: self = .slow(time: first, limit: second)
        case .certificate: self = .certificate(secondsLeft: first)
        case nil: return nil
        }
    }
}
