internal import ListenerProtocol

/// The failures of all sites that are being handled.
///
/// A site can fail again while its processes are still being restarted. That says nothing about
/// those that were restarted already: they are left alone until the failure is handled.
struct SiteFailures {
    private var open: [String: [SiteFailure]] = [:]

    /// Adds a failure.
    mutating func add(_ failure: SiteFailure, of check: String) {
        open[check, default: []].append(failure)
    }

    /// Removes a failure that has been handled.
    mutating func remove(_ failure: SiteFailure, of check: String) {
        let rest = open[check, default: []].filter { $0 !== failure }
        open[check] = rest.isEmpty ? nil : rest
    }

    /// Reports what was done so far, before the program exits.
    func reportDone() {
        for failure in open.values.joined() { failure.reportDone() }
    }

    /// Whether a site has an open failure.
    func isOpen(_ check: String) -> Bool {
        open[check] != nil
    }

    /// The failure because of which a process is restarted, and the check of its site.
    func restarting(_ process: ProcessName) -> (check: String, failure: SiteFailure)? {
        for (check, failures) in open {
            if let failure = failures.first(where: { $0.isRestarting(process) }) {
                return (check, failure)
            }
        }
        return nil
    }

    /// Whether the failure of a site says nothing about a process, because it was restarted
    /// because of one that is still open.
    ///
    /// - Parameters:
    ///   - process: The process.
    ///   - check: The check of the site.
    ///   - isActing: Whether its restart is queued or running.
    /// - Returns: Whether to ignore the failure for this process.
    func ignores(_ process: ProcessName, of check: String, isActing: Bool) -> Bool {
        !isActing && open[check]?.contains { $0.processes.contains(process) } == true
    }
}
