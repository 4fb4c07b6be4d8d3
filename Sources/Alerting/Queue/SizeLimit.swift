internal import System

/// The largest message that a server announced in its last rejection.
///
/// It only limits the size of digests, and only for a while: an operator may raise it, and each
/// connection announces it again. A single alert is offered in full, whatever the limit was.
struct SizeLimit {
    /// The limit in bytes.
    let bytes: Int

    private let end: Instant

    private static let lifetime = Duration.seconds(900)

    /// Creates a limit that was announced at a time.
    init(bytes: Int, at now: Instant) {
        self.bytes = bytes
        end = now + Self.lifetime
    }

    /// Whether it is too old.
    func isForgotten(at now: Instant) -> Bool { end <= now }
}
