internal import Glibc
internal import System

/// Who will retry what fails in a worker: its listener may be exiting, or have exited.
struct RetryOutlook {
    /// Who retries.
    enum Retry {
        /// The listener, on the next tick.
        case listener
        /// The next run of the listener, which finds the start in the spool.
        case nextRun
        /// Nobody.
        case nobody
    }

    /// Set when the listener begins to exit.
    private let isExiting: SharedFlag
    private let hasSpool: Bool
    private let listener = getpid()

    /// Creates an outlook; call it in the listener's own process.
    ///
    /// - Parameters:
    ///   - isExiting: Set when the listener begins to exit.
    ///   - hasSpool: Whether pending starts are stored for the next run.
    init(isExiting: SharedFlag, hasSpool: Bool) {
        self.isExiting = isExiting
        self.hasSpool = hasSpool
    }

    /// Who retries a start, as of now.
    var retry: Retry {
        let isGone = getpid() != listener && getppid() != listener
        guard isExiting.isSet || isGone else { return .listener }
        return hasSpool ? .nextRun : .nobody
    }
}
