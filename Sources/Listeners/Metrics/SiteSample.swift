// What httpok measured of a site.

internal import EventLoop

/// What httpok measured of a site.
struct SiteSample {
    /// The status; 0 for no answer.
    let status: Int
    /// Whether the site was well.
    let isWell: Bool
    /// How long the check took.
    let seconds: Double

    private static let record = "site"

    /// Tells the parent of a check.
    static func write(status: Int, isWell: Bool, took time: Duration) {
        let milliseconds = Int((time / .milliseconds(1)).rounded())
        WorkerAnswer.write(record, "\(status)", isWell ? "1" : "0", "\(milliseconds)")
    }
}

extension SiteSample {
    /// Reads a worker's record.
    init?(_ record: [String]) {
        let numbers = record.dropFirst().compactMap { Int($0) }
        guard record.first == Self.record, numbers.count == 3 else { return nil }
        status = numbers[0]
        isWell = numbers[1] == 1
        seconds = Double(numbers[2]) / 1_000
    }
}
