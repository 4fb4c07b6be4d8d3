// Writes metrics where node_exporter's textfile collector finds them.

internal import Alerting
internal import EventLoop
internal import Glibc
internal import System

/// Writes metrics where node_exporter's textfile collector finds them, at most once a second.
///
/// The file is there as a whole or not at all: it is written under another name and then renamed. A
/// folder that others may write to is not used. That it cannot be written is logged once.
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
        let end = path.utf8.lastIndex(of: UInt8(ascii: "/"))
        let parent = end.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let name = end.map { String(Substring(path.utf8[$0...].dropFirst())) } ?? path
        let folder = try Directory(parent)
        try folder.requireOwn(allowsSticky: true)
        // The collector reads *.prom only.
        try folder.write(
            bytes, as: name, by: "\(name).\(getpid())", mode: 0o644, isLasting: false)
    }

    private static func path(of origin: Origin, in place: String) -> String {
        isDirectory(place) ? "\(place)/\(fileName(origin)).prom" : place
    }

    private static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    private static func fileName(_ origin: Origin) -> String {
        let bytes = origin.listener.utf8.map { byte in
            "/:".utf8.contains(byte) ? UInt8(ascii: "_") : byte
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
