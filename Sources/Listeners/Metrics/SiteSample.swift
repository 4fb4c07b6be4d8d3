// What httpok measured of a URL.

internal import EventLoop

/// What httpok measured of a URL.
struct SiteSample: WorkerRecord {
    static let recordName = "site"

    /// The status code; 0 for no response.
    let status: Int
    /// Whether the response was correct.
    let isWell: Bool
    /// How long the check took, in milliseconds.
    let milliseconds: Int

    /// How long the check took, in seconds.
    var seconds: Double { Double(milliseconds) / 1_000 }

    init(status: Int, isWell: Bool, took time: Duration) {
        self.status = status
        self.isWell = isWell
        milliseconds = Int((time / .milliseconds(1)).rounded())
    }

    init?(fields: [String]) {
        let numbers = fields.compactMap { Int($0) }
        guard fields.count == 3, numbers.count == 3 else { return nil }
        status = numbers[0]
        isWell = numbers[1] == 1
        milliseconds = numbers[2]
    }

    var fields: [String] { ["\(status)", isWell ? "1" : "0", "\(milliseconds)"] }
}
