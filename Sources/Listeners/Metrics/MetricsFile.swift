// Writes metrics where node_exporter's textfile collector finds them.

internal import Alerting
internal import EventLoop
internal import Glibc
internal import System

/// Writes metrics where node_exporter's textfile collector finds them, at most once a second.
///
/// The file is there as a whole or not at all: it is written under another name and then renamed.
/// That it cannot be written is logged once.
final class MetricsFile {
    private let place: String
    private var path: String
    private let metrics: Metrics
    private let loop: PollLoop
    private let log: Log
    private var timer: PollLoop.Timer?
    private var earliest = Instant.now
    private var hasFailed = false

    /// The shortest time between two writes.
    private static let interval = Duration.seconds(1)

    /// Makes a writer.
    ///
    /// - Parameters:
    ///   - path: The file, or a directory for all listeners' files.
    ///   - origin: The listener.
    ///   - metrics: What is written.
    ///   - loop: The program's one wait.
    ///   - log: Where trouble is told.
    init(path: String, origin: Origin, metrics: Metrics, loop: PollLoop, log: Log) {
        place = path
        self.path = Self.path(of: origin, in: path)
        self.metrics = metrics
        self.loop = loop
        self.log = log
    }

    /// Writes for another listener from now on.
    func move(to origin: Origin) {
        path = Self.path(of: origin, in: place)
    }

    /// Writes in a moment: supervisord gets its answer before.
    func update() {
        guard timer == nil else { return }
        timer = loop.after(max(.zero, earliest - .now)) { [weak self] in self?.write() }
    }

    /// Writes the last figures, since the program ends.
    func finish() {
        write()
    }

    private func write() {
        if let timer { loop.cancel(timer) }
        timer = nil
        earliest = .now + Self.interval
        do throws(SystemError) {
            try replace(by: Array(metrics.text.utf8))
            hasFailed = false
        } catch {
            if !hasFailed { log.note("the metrics: \(error), saying so once") }
            hasFailed = true
        }
    }

    private func replace(by bytes: [UInt8]) throws(SystemError) {
        // The collector reads *.prom only.
        let temporary = "\(path).\(getpid())"
        let file = unsafe open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw SystemError("cannot write \(path)") }
        let descriptor = Descriptor(rawValue: file)
        let isWritten = descriptor.writeAll(bytes)
        descriptor.close()
        guard isWritten, unsafe rename(temporary, path) == 0 else {
            let code = errno
            _ = unsafe unlink(temporary)
            throw SystemError("cannot write \(path)", code: code)
        }
    }

    private static func path(of origin: Origin, in place: String) -> String {
        isDirectory(place) ? "\(place)/\(fileName(origin)).prom" : place
    }

    private static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    private static func fileName(_ origin: Origin) -> String {
        String(origin.listener.map { $0 == "/" || $0 == ":" ? "_" : $0 })
    }
}
