internal import ListenerProtocol

/// The open rounds of all sites.
///
/// A site can fail again while its processes are still being restarted. That says nothing about
/// those that were restarted already: they are left alone until the round ends.
struct SiteRounds {
    private var open: [String: [SiteRound]] = [:]

    /// Adds a round.
    mutating func add(_ round: SiteRound, of check: String) {
        open[check, default: []].append(round)
    }

    /// Removes a round that has ended.
    mutating func remove(_ round: SiteRound, of check: String) {
        let rest = open[check, default: []].filter { $0 !== round }
        open[check] = rest.isEmpty ? nil : rest
    }

    /// Whether a site has an open round.
    func isOpen(_ check: String) -> Bool {
        open[check] != nil
    }

    /// The round that restarts a process, and the check of its site.
    func restarting(_ process: ProcessName) -> (check: String, round: SiteRound)? {
        for (check, rounds) in open {
            if let round = rounds.first(where: { $0.isRestarting(process) }) {
                return (check, round)
            }
        }
        return nil
    }

    /// Whether the failure of a site says nothing about a process, because it was restarted in a
    /// round that is still open.
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
