internal import Alerting
internal import EventLoop
internal import ListenerProtocol
internal import System

/// Runs the session with supervisord: passes on one event after the other and acknowledges it.
final class SessionDriver {
    private let loop: PollLoop
    private let log: Log
    private let handle: (Event) -> Void
    private let end: (SessionEnd) -> Void

    private let session: ListenerSession
    private var watch: PollLoop.Watch?
    private var ambiguityTimer: PollLoop.Timer?
    private var outputWatch: PollLoop.Watch?
    private var isFinished = false

    /// How long the end of the input may follow that of the output when supervisord has exited.
    private static let lag = Duration.milliseconds(200)

    /// Prepares a session.
    ///
    /// - Parameters:
    ///   - session: The session on standard input and output.
    ///   - loop: The event loop.
    ///   - log: The log for dropped events.
    ///   - handle: Called with each event, which is acknowledged when it returns.
    ///   - end: Called when no more events can arrive.
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

    /// Starts receiving events.
    func begin() {
        watch = loop.watch(session.input, for: .reading) { [unowned self] in
            receive { () throws(ProtocolError) in try session.receive() }
        }
        outputWatch = loop.watch(session.output, for: .hangingUp) { [unowned self] in loseOutput() }
        session.start()
        if !session.isOutputOpen { loseOutput() }
    }

    /// Ends the session unless the input ends too, which is the normal case.
    private func loseOutput() {
        if let outputWatch { loop.cancel(outputWatch) }
        outputWatch = nil
        loop.after(Self.lag) { [unowned self] in
            if !isFinished { end(.output) }
        }
    }

    /// Stops receiving events.
    func finish() {
        isFinished = true
        if let outputWatch { loop.cancel(outputWatch) }
        if let watch { loop.cancel(watch) }
        if let ambiguityTimer { loop.cancel(ambiguityTimer) }
        // An event that waits for the ambiguity timer is complete by now.
        _ = take(session.resolveAmbiguity())
    }

    /// Handles what has been received, including events that arrived together.
    private func receive(_ result: () throws(ProtocolError) -> ListenerSession.ReceiveResult) {
        if let ambiguityTimer { loop.cancel(ambiguityTimer) }
        ambiguityTimer = nil
        do throws(ProtocolError) {
            var result = try result()
            while take(result) { result = try session.receiveBuffered() }
        } catch {
            end(.protocolError(error))
        }
    }

    /// Acknowledges the current event.
    ///
    /// - Returns: Whether more may be available already.
    private func acknowledge() -> Bool {
        session.acknowledge()
        if !session.isOutputOpen && !isFinished { loseOutput() }
        return session.isOutputOpen
    }

    /// Handles one result of reading.
    ///
    /// - Returns: Whether more may be available already.
    private func take(_ result: ListenerSession.ReceiveResult) -> Bool {
        switch result {
        case .event(let event):
            handle(event)
            // The alert is in the outbox; everything else happens afterwards.
            return acknowledge()
        case .repeated(let event):
            log.report(.info, "ignoring repeated event \(event.header.serial ?? 0)")
            return acknowledge()
        case .ambiguous:
            ambiguityTimer = loop.after(session.ambiguityTimeout) { [unowned self] in
                receive { session.resolveAmbiguity() }
            }
            return false
        case .incomplete:
            return false
        case .end:
            end(.input)
            return false
        }
    }
}
