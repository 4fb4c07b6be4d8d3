// The ways of a sendmail, good and bad.

extension Mailbox {
    /// What the sendmail replacement does with a message.
    package enum Behaviour {
        /// Stores it.
        case accepts
        /// Is not there at all.
        case missing
        /// Reads it and exits with a status and words on stderr, so many times; then stores.
        case failsFirst(Int, status: Int = 75, words: String = "temporary failure")
        /// Reads it and exits with a status and words on stderr, always.
        case fails(status: Int = 1, words: String = "no such user")
        /// Reads nothing and never ends.
        case hangs
        /// Exits 0 at once and reads nothing.
        case readsNothing
        /// Prints READY on stdout and stores it.
        case printsReady
        /// Stores it after so many seconds.
        case slow(Double)

        /// The script's lines; none when there is to be no script.
        var script: String? {
            switch self {
            case .accepts: "keep"
            case .missing: nil
            case .failsFirst(let count, let status, let words):
                "[ $number -gt \(count) ] || { \(Self.failure(status, words)); }\nkeep"
            case .fails(let status, let words): Self.failure(status, words)
            case .hangs: "exec sleep 86400"
            case .readsNothing: "exit 0"
            case .printsReady: "echo READY\nkeep"
            case .slow(let seconds): "sleep \(seconds)\nkeep"
            }
        }

        private static func failure(_ status: Int, _ words: String) -> String {
            "cat >/dev/null; echo '\(words)' >&2; exit \(status)"
        }
    }
}
