internal import EventLoop
internal import ListenerProtocol
internal import SupervisorRPC

/// The checks of an earlier run whose alerts are active: the alerts about those that this run does
/// not make have ended.
struct EarlierChecks {
    /// The alerts about failed checks.
    let alerts: [EarlierAlert]
    /// The identities of the checks that failed although a process was restarted.
    let identities: Set<String>

    /// A check that is no longer made.
    struct End: WorkerRecord {
        static let recordName = "ended-check"

        let identity: String

        var fields: [String] { [identity] }

        init(identity: String) {
            self.identity = identity
        }

        init?(fields: [String]) {
            guard fields.count == 1 else { return nil }
            identity = fields[0]
        }
    }

    /// Writes those that are no longer made.
    ///
    /// - Parameters:
    ///   - plan: The checks of this run.
    ///   - infos: The processes, if the plan needs them.
    func writeEnds(by plan: CheckPlan, for infos: [SupervisedProcess]) {
        let present = infos.filter { $0.state != .stopped }
        for alert in alerts where !plan.makes(alert, for: present) {
            EarlierAlert.End(of: alert, isStopped: plan.makes(alert, for: infos)).write()
        }
        guard !identities.isEmpty else { return }
        for identity in identities.subtracting(plan.identities(for: infos)) {
            End(identity: identity).write()
        }
    }
}
