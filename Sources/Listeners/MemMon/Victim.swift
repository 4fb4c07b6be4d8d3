// A process that holds more memory than it may.

internal import ListenerProtocol

/// A process that holds more memory than it may.
struct Victim: Equatable {
    let process: Namespec

    /// Its resident set, in bytes.
    let size: Int

    /// How long it has run, in seconds.
    let uptime: Int

    /// The record by which a worker tells its parent.
    static let record = "victim"

    init(process: Namespec, size: Int, uptime: Int) {
        self.process = process
        self.size = size
        self.uptime = uptime
    }

    /// Reads a worker's record.
    init?(_ record: [String]) {
        guard record.count == 5, record[0] == Self.record, let size = Int(record[3]),
            let uptime = Int(record[4])
        else { return nil }
        self.init(
            process: Namespec(group: record[1], name: record[2]), size: size, uptime: uptime)
    }
}
