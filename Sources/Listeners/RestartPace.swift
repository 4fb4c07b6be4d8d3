internal import Glibc
internal import System

/// Limits how often supervisord starts a process again that exits at once.
///
/// With `startsecs=0` it would do so two hundred times a second or more, and other listeners would
/// report each exit. The limit applies to every end but the ordinary one of a listener: usage
/// errors, broken streams, and actions such as `--help` in a section.
enum RestartPace {
    /// The minimum time from the start to the exit.
    ///
    /// It is shorter than the default `startsecs=1`, so that with the documented settings the
    /// process becomes FATAL.
    private static let shortest = Duration.milliseconds(800)

    private static let begin = Instant.now

    private nonisolated(unsafe) static var isReleased = false

    /// Delays an early exit of this process, if supervisord has started it.
    static func limit() {
        guard ListenerEnvironment().isStartedProcess else { return }
        _ = begin
        _ = atexit { RestartPace.pause() }
    }

    /// Allows an immediate exit.
    static func release() {
        unsafe isReleased = true
    }

    private static func pause() {
        let rest = shortest - (.now - begin)
        guard unsafe !isReleased, rest > .zero else { return }
        usleep(useconds_t(rest / .microseconds(1)))
    }
}
