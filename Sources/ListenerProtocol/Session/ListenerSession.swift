// A listener's conversation with supervisord: READY, an event, RESULT.

internal import Glibc
public import System

/// A listener's conversation with supervisord.
///
/// The listener says READY, gets one event, handles it and answers with ``acknowledge()``, which
/// says READY again. Nothing else may ever come out on that descriptor, or supervisord stops
/// talking to the listener for good; so a session takes the process's standard output for itself,
/// and whatever else writes there ends up on standard error.
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
/// A program that waits for other things as well watches ``input`` and calls ``receive()`` when it
/// is ready.
///
/// There is no way to answer FAIL: supervisord would send the same event again at once, and to
/// listeners that never asked for it. Keep what could not be done and try again yourself.
///
/// Source: Supervisor manual, "Event Listener Notification Protocol".
public final class ListenerSession {
    /// What a look at the input brought.
    public enum Arrival: Hashable, Sendable {
        /// An event, to be answered with ``ListenerSession/acknowledge()``.
        case event(Event)
        /// An event that has come before and is to be answered all the same.
        case repeated(Event)
        /// Nothing whole yet.
        case nothing
        /// Perhaps an event, perhaps a part of it: call ``ListenerSession/settle()`` after
        /// ``ListenerSession/silence`` if nothing more has come by then.
        case undecided
        /// The end: supervisord has gone, or has closed the listener's input.
        case end
    }

    /// How long nothing must come for an event that is ``Arrival/undecided`` to be taken as
    /// complete.
    public var silence: Duration { reader.patience }

    private static let answer = Array("RESULT 2\nOKREADY\n".utf8)

    /// Where events come from.
    public let input: Descriptor

    /// Where the answers go.
    ///
    /// Nothing else may be written there; it can be watched for `Descriptor.Readiness.hangingUp`.
    public let output: Descriptor

    /// Whether answers arrive: not if the other end is closed, or cannot be written to.
    public private(set) var isAnswering = true

    private var reader = FrameReader()
    private var repeats = RepeatFilter()
    private var isReady = false
    private var isBusy = false

    /// Takes over standard input and output.
    ///
    /// Descriptor 1 is from then on a copy of descriptor 2; the conversation goes on over a private
    /// one that no child inherits.
    public convenience init() {
        let own = fcntl(1, F_DUPFD_CLOEXEC, 3)
        if own >= 0 { dup2(2, 1) }
        self.init(
            input: .standardInput, output: own >= 0 ? Descriptor(rawValue: own) : .standardOutput)
    }

    /// Holds a conversation over any two descriptors.
    ///
    /// - Parameters:
    ///   - input: Where events come from.
    ///   - output: Where the answers go.
    public init(input: Descriptor, output: Descriptor) {
        self.input = input
        self.output = output
    }

    /// Tells supervisord that the listener waits for its first event.
    ///
    /// ``next()`` does so by itself.
    public func start() {
        guard !isReady && !isBusy else { return }
        isReady = true
        answer("READY\n".utf8)
    }

    /// Answers OK to the event at hand, and asks for the next one.
    ///
    /// Without an event at hand it does nothing, since a second answer would be taken amiss.
    public func acknowledge() {
        guard isBusy else { return }
        isBusy = false
        isReady = true
        answer(Self.answer)
    }

    private func answer(_ bytes: some Sequence<UInt8>) {
        isAnswering = output.writeAll(bytes) && isAnswering
    }

    /// Waits for the next event that has not come before.
    ///
    /// - Returns: The event, to be answered with ``acknowledge()``; nothing at the end, which is also
    ///   there when no answer arrives any more.
    /// - Throws: ``ProtocolError`` when what comes is no event; all that one can do then is end.
    public func next() throws(ProtocolError) -> Event? {
        start()
        while isAnswering {
            var arrival = try receive()
            if arrival == .undecided && !input.wait(for: .reading, atMost: silence) {
                arrival = settle()
            }
            switch arrival {
            case .event(let event): return event
            case .repeated: acknowledge()
            case .end: return nil
            case .nothing, .undecided: continue
            }
        }
        return nil
    }

    /// Reads what is there; waits only when nothing is.
    ///
    /// - Returns: What it amounts to.
    /// - Throws: ``ProtocolError`` when it is no event. The rest of the input has been drained then.
    public func receive() throws(ProtocolError) -> Arrival {
        do throws(ProtocolError) {
            if let arrival = try arrived() { return arrival }
            switch input.read() {
            // The end decides what was undecided: nothing more can follow.
            case .end: return reader.settle().map(begin) ?? .end
            case .nothingYet: return .nothing
            case .bytes(let bytes): reader.append(bytes)
            }
            return try buffered()
        } catch {
            drain()
            throw error
        }
    }

    /// Looks at what has been read already, without reading.
    ///
    /// To be called after ``acknowledge()`` by those who watch ``input``: it does not become ready
    /// for bytes that have left it.
    ///
    /// - Returns: What it amounts to.
    /// - Throws: ``ProtocolError`` when it is no event.
    public func buffered() throws(ProtocolError) -> Arrival {
        try arrived() ?? (reader.isUndecided ? .undecided : .nothing)
    }

    /// Takes the undecided event, after a silence.
    ///
    /// - Returns: The event, or ``Arrival/nothing`` if there is none.
    public func settle() -> Arrival {
        reader.settle().map(begin) ?? .nothing
    }

    private func arrived() throws(ProtocolError) -> Arrival? {
        guard !isBusy else { return nil }
        return try reader.next().map(begin)
    }

    private func begin(_ event: Event) -> Arrival {
        isReady = false
        isBusy = true
        return repeats.isRepeat(event.header) ? .repeated(event) : .event(event)
    }

    /// Reads what is left and forgets it, so that supervisord is not left with a full pipe.
    private func drain() {
        reader.reset()
        for _ in 0..<4_096 where input.wait(for: .reading, atMost: .zero) {
            guard case .bytes = input.read() else { return }
        }
    }
}
