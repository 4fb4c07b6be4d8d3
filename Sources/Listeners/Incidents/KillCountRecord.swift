internal import EventLoop
internal import System

/// Reports the OOM killer's count.
struct KillCountRecord: WorkerRecord {
    static let recordName = "kill-count"

    let count: OOMKiller.Count

    init(_ count: OOMKiller.Count) {
        self.count = count
    }

    init?(fields: [String]) {
        let numbers = fields.compactMap { Int($0) }
        guard fields.count == 3, numbers.count >= 2 else { return nil }
        count = OOMKiller.Count(
            time: Timestamp(seconds: numbers[0], milliseconds: numbers[1]), number: Int(fields[2]))
    }

    var fields: [String] {
        [
            "\(count.time.seconds)", "\(count.time.milliseconds)",
            count.number.map(String.init) ?? "",
        ]
    }
}
