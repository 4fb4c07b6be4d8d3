internal import EventLoop

/// httpok's measurement of one URL.
struct SiteSample: WorkerRecord {
    static let recordName = "site"

    /// The name of the check; empty if there is only one.
    let check: String
    /// The status code; 0 for no response.
    let status: Int
    /// Whether the response was correct.
    let isHealthy: Bool
    /// The duration of the check in milliseconds.
    let milliseconds: Int

    /// The duration of the check in seconds.
    var seconds: Double { Double(milliseconds) / 1_000 }

    init(check: String, status: Int, isHealthy: Bool, milliseconds: Int) {
        self.check = check
        self.status = status
        self.isHealthy = isHealthy
        self.milliseconds = milliseconds
    }

    init?(fields: [String]) {
        let numbers = fields.dropFirst().compactMap { Int($0) }
        guard fields.count == 4, numbers.count == 3 else { return nil }
        check = fields[0]
        status = numbers[0]
        isHealthy = numbers[1] == 1
        milliseconds = numbers[2]
    }

    var fields: [String] { [check, "\(status)", isHealthy ? "1" : "0", "\(milliseconds)"] }
}
