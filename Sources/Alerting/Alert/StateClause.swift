/// The state of processes as a clause, which depends on how many processes are in it.
package struct StateClause: Sendable {
    /// The clause for one process.
    package let ofOne: String

    /// The clause for several processes.
    package let ofSeveral: String

    /// supervisord has not restarted it.
    package static let notRestarted = StateClause(
        ofOne: "stays down: supervisord does not restart it",
        ofSeveral: "stay down: supervisord does not restart them")

    /// It failed to start too often.
    package static let notStarted = StateClause(
        ofOne: "stays down: supervisord no longer starts it",
        ofSeveral: "stay down: supervisord no longer starts them")

    /// It needs no restart any more.
    package static let healthyAgain = StateClause(
        ofOne: "running: it is healthy again", ofSeveral: "running: they are healthy again")

    private static let known = [notRestarted, notStarted, healthyAgain]

    /// The words of a state for several processes.
    ///
    /// - Parameter state: The words for one process.
    /// - Returns: The words for several; most are the same.
    static func several(_ state: String) -> String {
        known.first { $0.ofOne == state }?.ofSeveral ?? state
    }
}
