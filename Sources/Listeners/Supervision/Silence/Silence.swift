internal import ListenerProtocol
internal import System

/// The processes that are silenced, and until when.
///
/// During a silence, checks continue, but no action is taken and no alert is sent.
struct Silence: Hashable, Sendable {
    /// A line of the file.
    struct Entry: Hashable, Sendable {
        let pattern: ProcessPattern
        let end: Timestamp
    }

    let entries: [Entry]

    /// The invalid lines, each with its number.
    let mistakes: [String]

    /// Nothing is silenced.
    static let none = Silence(entries: [], mistakes: [])

    /// The duration of a silence without an end, in seconds from the last change of its file.
    static let length = 3_600

    /// Until when a process is silenced.
    ///
    /// - Returns: The time; nil if it is not silenced.
    func end(for process: ProcessName, at time: Timestamp) -> Timestamp? {
        entries.filter { $0.end > time && $0.pattern.matches(process) }.map(\.end).max()
    }

    /// The silences in effect at a time.
    func holding(at time: Timestamp) -> Set<Entry> {
        Set(entries.filter { $0.end > time })
    }
}

extension Silence {
    /// Parses the file: one line each, `PATTERN [until TIME]`; an empty file silences everything.
    ///
    /// Empty lines and lines that begin with `#` are ignored.
    ///
    /// - Parameters:
    ///   - text: The file's content.
    ///   - modification: When it was last changed.
    init(_ text: String, modified modification: Timestamp) {
        let limit = Timestamp(seconds: modification.seconds + Self.length)
        if text.utf8.allSatisfy({ [0x09, 0x0A, 0x0D, 0x20].contains($0) }) {
            self.init(
                entries: [Entry(pattern: ProcessPattern("*"), end: limit)], mistakes: [])
            return
        }
        var entries: [Entry] = []
        var mistakes: [String] = []
        // By bytes: CR LF is one Character.
        let lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            let words = line.split { [0x09, 0x0D, 0x20].contains($0) }
                .map { String(decoding: $0, as: UTF8.self) }
            guard let pattern = words.first, pattern.utf8.first != UInt8(ascii: "#") else {
                continue
            }
            if words.count == 1 {
                entries.append(Entry(pattern: ProcessPattern(pattern), end: limit))
            } else if words.count > 2, words[1] == "until",
                // After the time comes the user who began the silence.
                let end = Timestamp(
                    rfc3339: words[2...].prefix { $0 != "by" }.joined(separator: " "))
            {
                entries.append(Entry(pattern: ProcessPattern(pattern), end: end))
            } else {
                mistakes.append(
                    "line \(index + 1) requires a pattern, or a pattern, the word until and a time "
                        + "with its offset")
            }
        }
        self.init(entries: entries, mistakes: mistakes)
    }
}
