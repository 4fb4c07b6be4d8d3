// Something about a site that is reported, but leads to no restart.

/// Something about a site that is reported, but leads to no restart.
enum CheckNotice: Hashable {
    /// The answer took longer than it may. Both in milliseconds.
    case slow(time: Int, limit: Int)
    /// The certificate expires soon, in so many seconds, negative if it has expired.
    case certificate(secondsLeft: Int)

    /// What kind of notice it is, whatever the numbers.
    enum Kind: String, Hashable, CaseIterable {
        case slow
        case certificate
    }

    /// What kind of notice it is.
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

    /// Reads three fields of a record.
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
