// The behaviours of the sendmail replacement.

extension Mailbox {
    /// What the sendmail replacement does with a message.
    package enum Behaviour {
        /// Stores the message.
        case accepts
        /// The command does not exist.
        case missing
        /// Reads the message and exits with a status and a text on stderr for the first runs; then
        /// stores.
        case failsFirst(Int, status: Int = 75, words: String = "temporary failure")
        /// Always reads the message and exits with a status and a text on stderr.
        case fails(status: Int = 1, words: String = "no such user")
        /// Waits until a file exists, and exits with status 75.
        case failsOnce(exists: String)
        /// Reads nothing and never exits.
        case hangs
        /// Exits with 0 at once without reading.
        case readsNothing
        /// Prints READY on stdout and stores it.
        case printsReady
        /// Stores the message after some seconds.
        case slow(Double)

        /// The lines of the script; nil for none.
        var script: String? {
            switch self {
            case .accepts: "keep"
            case .missing: nil
            case .failsFirst(let count, let status, let words):
                "[ $number -gt \(count) ] || { \(Self.failure(status, words)); }\nkeep"
            case .fails(let status, let words): Self.failure(status, words)
            case .failsOnce(let file):
                "until [ -e '\(file)' ]; do sleep 0.1; done; \(Self.failure(75, "down"))"
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
