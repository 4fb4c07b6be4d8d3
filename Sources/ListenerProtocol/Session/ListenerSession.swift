internal import Glibc
public import System

/// A session with supervisord: READY, an event, RESULT, and again.
///
/// The listener sends READY, receives one event, handles it and calls ``acknowledge()``, which
/// sends the result and READY again. Any other output on that descriptor would make supervisord
/// stop sending events, so a session takes over standard output: other writers to it write to
/// standard error.
///
/// A simple listener reads one event after the other:
///
/// ```swift
/// let session = ListenerSession()
/// while let event = try session.next() {
///     try? log(event)
///     session.acknowledge()
/// }
/// ```
///
/// A program that also waits for other things watches ``input`` and calls ``receive()`` when it is
/// ready.
///
/// There is deliberately no way to return FAIL: supervisord would resend the event immediately, and
/// also to listeners that do not subscribe to it. Keep failed work and retry it yourself.
///
/// Source: Supervisor manual, "Event Listener Notification Protocol".
public final class ListenerSession {
    /// The result of reading the input.
    public enum ReceiveResult: Hashable, Sendable {
        /// An event, to be acknowledged with ``ListenerSession/acknowledge()``.
        case event(Event)
        /// An event that was received before; it must be acknowledged too.
        case repeated(Event)
        /// No complete event yet.
        case incomplete
        /// Possibly a complete event: call ``ListenerSession/resolveAmbiguity()`` if nothing more
        /// arrives within ``ListenerSession/ambiguityTimeout``.
        case ambiguous
        /// End of file: supervisord has exited or closed the listener's input.
        case end
    }

    /// The pause in the input after which an ``ReceiveResult/ambiguous`` event is complete.
    public var ambiguityTimeout: Duration { reader.ambiguityTimeout }

    private static let answer = Array("RESULT 2\nOKREADY\n".utf8)

    /// The descriptor that events are read from.
    public let input: Descriptor

    /// The descriptor that results are written to.
    ///
    /// Nothing else may be written to it; it can be watched for `Descriptor.Readiness.hangingUp`.
    public let output: Descriptor

    /// Whether results can be written; false once the other end is closed or writing has failed.
    public private(set) var isOutputOpen = true

    private var reader = FrameReader()
    private var repeats = RepeatFilter()
    private var isReady = false
    private var isBusy = false

    /// Takes over standard input and output.
    ///
    /// Descriptor 1 becomes a copy of descriptor 2; the session uses a private descriptor that no
    /// child inherits.
    public convenience init() {
        let own = fcntl(1, F_DUPFD_CLOEXEC, 3)
        if own >= 0 { dup2(2, 1) }
        self.init(
            input: .standardInput, output: own >= 0 ? Descriptor(rawValue: own) : .standardOutput)
    }

    /// Creates a session on any two descriptors.
    ///
    /// - Parameters:
    ///   - input: The descriptor to read events from.
    ///   - output: The descriptor to write results to.
    public init(input: Descriptor, output: Descriptor) {
        self.input = input
        self.output = output
    }

    /// Sends the first READY.
    ///
    /// ``next()`` does this automatically.
    public func start() {
        guard !isReady && !isBusy else { return }
        isReady = true
        answer("READY\n".utf8)
    }

    /// Acknowledges the current event with OK, and requests the next one.
    ///
    /// Without a current event it does nothing: supervisord treats an unexpected result as a
    /// protocol error.
    public func acknowledge() {
        guard isBusy else { return }
        isBusy = false
        isReady = true
        answer(Self.answer)
    }

    private func answer(_ bytes: some Sequence<UInt8>) {
        isOutputOpen = output.writeAll(bytes) && isOutputOpen
    }

    /// Waits for the next event, skipping repeated ones.
    ///
    /// - Returns: The event, to be acknowledged with ``acknowledge()``; nil at the end of the
    ///   input, or when results can no longer be written.
    /// - Throws: ``ProtocolError`` when the input is not a valid event; the listener must then
    ///   exit.
    public func next() throws(ProtocolError) -> Event? {
        start()
        while isOutputOpen {
            var result = try receive()
            if result == .ambiguous && !input.wait(for: .reading, atMost: ambiguityTimeout) {
                result = resolveAmbiguity()
            }
            switch result {
            case .event(let event): return event
            case .repeated: acknowledge()
            case .end: return nil
            case .incomplete, .ambiguous: continue
            }
        }
        return nil
    }

    /// Reads the input; blocks only if no data is available.
    ///
    /// - Returns: What was received.
    /// - Throws: ``ProtocolError`` when the input is not a valid event. The rest of the input has
    ///   been drained by then.
    public func receive() throws(ProtocolError) -> ReceiveResult {
        do throws(ProtocolError) {
            if let result = try nextResult() { return result }
            switch input.read() {
            // At the end of the input an ambiguous event is complete: nothing can follow.
            case .end: return reader.resolveAmbiguity().map(begin) ?? .end
            case .nothingYet: return .incomplete
            case .bytes(let bytes): reader.append(bytes)
            }
            return try receiveBuffered()
        } catch {
            drain()
            throw error
        }
    }

    /// Parses bytes that have already been read, without reading more.
    ///
    /// Programs that watch ``input`` must call it after ``acknowledge()``: the descriptor does not
    /// become ready for bytes that have been read.
    ///
    /// - Returns: What was received.
    /// - Throws: ``ProtocolError`` when the input is not a valid event.
    public func receiveBuffered() throws(ProtocolError) -> ReceiveResult {
        try nextResult() ?? (reader.isAmbiguous ? .ambiguous : .incomplete)
    }

    /// Completes the ambiguous event after a pause.
    ///
    /// - Returns: The event, or ``ReceiveResult/incomplete`` if there is none.
    public func resolveAmbiguity() -> ReceiveResult {
        reader.resolveAmbiguity().map(begin) ?? .incomplete
    }

    private func nextResult() throws(ProtocolError) -> ReceiveResult? {
        guard !isBusy else { return nil }
        return try reader.next().map(begin)
    }

    private func begin(_ event: Event) -> ReceiveResult {
        isReady = false
        isBusy = true
        return repeats.isRepeat(event.header) ? .repeated(event) : .event(event)
    }

    /// Reads and discards the remaining input, so that supervisord's pipe is not left full.
    private func drain() {
        reader.reset()
        for _ in 0..<4_096 where input.wait(for: .reading, atMost: .zero) {
            guard case .bytes = input.read() else { return }
        }
    }
}
