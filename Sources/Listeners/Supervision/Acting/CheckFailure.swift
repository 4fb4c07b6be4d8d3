internal import EventLoop

/// Why a worker could not check: supervisord or `/proc` is not available.
struct CheckFailure: WorkerRecord, Hashable {
    static let recordName = "check-failure"

    /// The key under which the failure is logged; each key is logged separately.
    let key: String
    /// The text to log.
    let text: String

    var fields: [String] { [key, text] }

    init(key: String, text: String) {
        self.key = key
        self.text = text
    }

    init?(fields: [String]) {
        guard fields.count == 2 else { return nil }
        key = fields[0]
        text = fields[1]
    }
}
