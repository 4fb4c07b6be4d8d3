internal import Alerting
internal import EventLoop
internal import ListenerProtocol
internal import System

/// The silence file of a tool that reports events instead of checking processes.
///
/// It is read before each alert, and every ten seconds to log the beginning and the end of each
/// silence.
final class SilenceWatch {
    private var history: SilenceHistory
    private let loop: PollLoop
    private let log: Log

    private static let pause = Duration.seconds(10)

    /// Reads the file for the first time.
    ///
    /// - Parameters:
    ///   - path: The silence file.
    ///   - loop: Provides the timer.
    ///   - log: The log.
    init(_ path: String, loop: PollLoop, log: Log) {
        history = SilenceHistory(path: path)
        self.loop = loop
        self.log = log
        update()
    }

    /// Until when a process is silenced.
    ///
    /// - Parameter process: The process.
    /// - Returns: The time; nil if it is not silenced.
    func end(for process: ProcessName) -> Timestamp? {
        read().end(for: process, at: .now)
    }

    private func update() {
        _ = read()
        loop.after(Self.pause) { [weak self] in self?.update() }
    }

    private func read() -> Silence {
        let silence = SilenceRecord(reading: history.path).silence
        history.note(silence, in: log)
        return silence
    }
}
