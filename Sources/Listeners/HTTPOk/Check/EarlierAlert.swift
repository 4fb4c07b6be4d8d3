internal import EventLoop
internal import ListenerProtocol

/// An active alert about a failed check of an earlier run, which this run may not make any more: its
/// command line may be another one.
struct EarlierAlert: Hashable {
    /// The URL, as alerts have it.
    let url: String
    /// The process, if the alert has exactly one.
    let process: ProcessName?
}

extension EarlierAlert {
    /// The end of such an alert.
    struct End: WorkerRecord {
        static let recordName = "ended-alert"

        let alert: EarlierAlert
        /// Whether the check would be made if its process were not stopped.
        let isStopped: Bool

        var fields: [String] {
            let process = alert.process.map { [$0.group, $0.name] } ?? []
            return [alert.url, isStopped ? "1" : "0"] + process
        }

        init(of alert: EarlierAlert, isStopped: Bool) {
            self.alert = alert
            self.isStopped = isStopped
        }

        init?(fields: [String]) {
            guard fields.count == 2 || fields.count == 4 else { return nil }
            let process =
                fields.count == 4 ? ProcessName(group: fields[2], name: fields[3]) : nil
            alert = EarlierAlert(url: fields[0], process: process)
            isStopped = fields[1] == "1"
        }
    }
}
