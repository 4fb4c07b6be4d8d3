internal import EventLoop

/// Why a worker could not check: supervisord or `/proc` is not available.
struct CheckFailure: WorkerRecord, Hashable {
    static let recordName = "check-failure"

    /// The subject of the failure; each subject is logged separately.
    let check: String
    /// The text to log.
    let text: String

    var fields: [String] { [check, text] }

    init(check: String, text: String) {
        self.check = check
        self.text = text
    }

    init?(fields: [String]) {
        guard fields.count == 2 else { return nil }
        check = fields[0]
        text = fields[1]
    }
}
