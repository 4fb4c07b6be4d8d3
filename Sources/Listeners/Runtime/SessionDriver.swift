// Drives the protocol with supervisord, from the first READY to the end of the input.

internal import Alerting
internal import EventLoop
internal import ListenerProtocol
internal import System

/// Drives the protocol with supervisord: hands over one event after the other and answers it.
final class SessionDriver {
    private let loop: PollLoop
    private let log: Log
    private let handle: (Event) -> Void
    private let end: (SessionEnd) -> Void

    private let session: ListenerSession
    private var watch: PollLoop.Watch?
    private var silence: PollLoop.Timer?
    private var outputWatch: PollLoop.Watch?
    private var isFinished = false

    /// How long the end of the input may come after that of the output, when supervisord is gone.
    private static let lag = Duration.milliseconds(200)

    /// Prepares a session.
    ///
    /// - Parameters:
    ///   - session: The protocol, over standard input and output.
    ///   - loop: What waits for events.
    ///   - log: Where dropped events are logged.
    ///   - handle: Called with each event; when it returns the event is answered.
    ///   - end: Called when no event can come any more.
    init(
        _ session: ListenerSession, over loop: PollLoop, log: Log,
        handle: @escaping (Event) -> Void, end: @escaping (SessionEnd) -> Void
    ) {
        self.session = session
        self.loop = loop
        self.log = log
        self.handle = handle
        self.end = end
    }

    /// Says that events may come.
    func begin() {
        watch = loop.watch(session.input, for: .reading) { [unowned self] in
            receive { () throws(ProtocolError) in try session.receive() }
        }
        outputWatch = loop.watch(session.output, for: .hangingUp) { [unowned self] in loseOutput() }
        session.start()
        if !session.isAnswering { loseOutput() }
    }

    /// Ends unless the input ends, too, which is the usual end.
    private func loseOutput() {
        if let outputWatch { loop.cancel(outputWatch) }
        outputWatch = nil
        loop.after(Self.lag) { [unowned self] in
            if !isFinished { end(.output) }
        }
    }

    /// Takes no more events.
    func finish() {
        isFinished = true
        if let outputWatch { loop.cancel(outputWatch) }
        if let watch { loop.cancel(watch) }
        if let silence { loop.cancel(silence) }
        // An event that waits for a silence is as good as one that does not.
        _ = take(session.settle())
    }

    /// Handles what has come, and what came with it.
    private func receive(_ arrival: () throws(ProtocolError) -> ListenerSession.Arrival) {
        if let silence { loop.cancel(silence) }
        silence = nil
        do throws(ProtocolError) {
            var arrival = try arrival()
            while take(arrival) { arrival = try session.buffered() }
        } catch {
            end(.outOfStep(error))
        }
    }

    /// Answers the event at hand.
    ///
    /// - Returns: Whether there may be another one.
    private func acknowledge() -> Bool {
        session.acknowledge()
        if !session.isAnswering && !isFinished { loseOutput() }
        return session.isAnswering
    }

    /// Takes one arrival.
    ///
    /// - Returns: Whether there may be another one already.
    private func take(_ arrival: ListenerSession.Arrival) -> Bool {
        switch arrival {
        case .event(let event):
            handle(event)
            // The alert is in the outbox; everything else happens afterwards.
            return acknowledge()
        case .repeated(let event):
            log.note("dropping event \(event.header.serial ?? 0), which has come before")
            return acknowledge()
        case .undecided:
            silence = loop.after(session.silence) { [unowned self] in
                receive { session.settle() }
            }
            return false
        case .nothing:
            return false
        case .end:
            end(.input)
            return false
        }
    }
}
