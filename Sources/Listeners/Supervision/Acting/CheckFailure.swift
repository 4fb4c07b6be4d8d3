// Why a worker could find out nothing.

internal import EventLoop

/// Why a worker could find out nothing: supervisord or `/proc` cannot be asked.
struct CheckFailure: WorkerRecord, Hashable {
    static let recordName = "check-failure"

    /// What it was about, so that each is logged by itself.
    let check: String
    /// What to log.
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
