internal import Alerting
internal import System

/// What has been logged about the silence file, so that the beginning and the end of each silence
/// are logged once.
struct SilenceHistory {
    /// The path of the file.
    let path: String

    private var holding: Set<Silence.Entry> = []
    private var mistakes: [String] = []

    init(path: String) {
        self.path = path
    }

    /// Records the content of the file, and logs what has changed.
    ///
    /// - Parameters:
    ///   - silence: The content.
    ///   - log: The log.
    mutating func note(_ silence: Silence, in log: Log) {
        let news = note(silence, at: .now)
        for line in news.changes { log.report(.info, line) }
        for line in news.mistakes { log.report(.warning, line) }
    }

    /// Records the content of the file.
    ///
    /// - Parameters:
    ///   - silence: The content.
    ///   - time: The current time.
    /// - Returns: The log lines about silences that have begun or ended, and about new mistakes.
    mutating func note(
        _ silence: Silence, at time: Timestamp
    ) -> (changes: [String], mistakes: [String]) {
        let now = silence.holding(at: time)
        let begun = now.subtracting(holding).map {
            "silenced until \($0.end.clock): \($0.pattern)"
        }
        // A new end for the same pattern is no end of the silence.
        let ended = Set(holding.map(\.pattern)).subtracting(now.map(\.pattern)).map {
            "no longer silenced: \($0)"
        }
        let wrong = silence.mistakes == mistakes ? [] : silence.mistakes
        holding = now
        mistakes = silence.mistakes
        return (begun.sorted() + ended.sorted(), wrong.map { "the silence file \(path): \($0)" })
    }
}
