internal import System

/// The ends of all logs at recent events.
///
/// supervisord sends the events about programs that died together one by one, and has restarted
/// all of them meanwhile. At the first event, the logs still end with the last words of all.
struct RecentLogEnds {
    private var marks: [LogBegin.Mark] = []
    private var last: Instant?

    /// How long the ends are kept.
    static let age = Duration.seconds(1)

    /// The pause between two looks at all logs, for each of them: a look takes a microsecond.
    private static let pause = Duration.microseconds(200)

    /// The minimum pause.
    private static let shortestPause = Duration.milliseconds(10)

    /// Records the present ends, unless that was done very recently.
    ///
    /// - Parameters:
    ///   - paths: The logs.
    ///   - isPrompt: As in ``LogBegin/Mark``.
    mutating func note(_ paths: some Sequence<String>, isPrompt: Bool) {
        let paths = Array(paths)
        let now = Instant.now
        if let last, now - last < max(Self.shortestPause, Self.pause * paths.count) { return }
        last = now
        let mark = LogBegin.Mark.present(of: paths, isPrompt: isPrompt)
        marks = marks.filter { mark.time.since($0.time) < Self.age } + [mark]
    }

    /// The recent ends of some logs, in order of time.
    func marks(of paths: [String]) -> [LogBegin.Mark] { marks.map { $0.limited(to: paths) } }
}
