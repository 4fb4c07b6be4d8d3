internal import Alerting
internal import EventLoop
internal import Glibc
internal import System

/// Writes the metrics for node_exporter's textfile collector, at most once a second.
///
/// The file is replaced atomically: it is written under another name and then renamed. A directory
/// that others can write to is not used. A write error is logged once.
final class MetricsFile {
    private let place: String
    private var path: String
    private let metrics: Metrics
    private let loop: PollLoop
    private let log: Log
    private var timer: PollLoop.Timer?
    private var earliest = Instant.now
    private var hasFailed = false

    /// The minimum time between two writes.
    private static let interval = Duration.seconds(1)

    /// Creates a writer.
    ///
    /// - Parameters:
    ///   - path: The file, or a directory for the files of all listeners.
    ///   - origin: The listener.
    ///   - metrics: The metrics to write.
    ///   - loop: The event loop.
    ///   - log: The log for errors.
    init(path: String, origin: Origin, metrics: Metrics, loop: PollLoop, log: Log) {
        place = path
        self.path = Self.path(of: origin, in: path)
        self.metrics = metrics
        self.loop = loop
        self.log = log
    }

    /// Writes under another listener's name from now on.
    func move(to origin: Origin) {
        path = Self.path(of: origin, in: place)
    }

    /// Schedules a write, so that supervisord gets its result first.
    func update() {
        guard timer == nil else { return }
        timer = loop.after(max(.zero, earliest - .now)) { [weak self] in self?.write() }
    }

    /// Writes the final values before the program exits.
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
            if !hasFailed {
                log.report("cannot write the metrics: \(error); further failures are not logged")
            }
            hasFailed = true
        }
    }

    private func replace(by bytes: [UInt8]) throws(SystemError) {
        let name = path.lastPathName
        let folder = try Self.folder(for: path)
        // The collector only reads *.prom.
        try folder.write(
            bytes, as: name, by: "\(name).\(getpid())", mode: 0o644, isLasting: false)
    }

    /// Opens the directory of a file that may be replaced.
    private static func folder(
        for path: String, allowsAnyOwner: Bool = false
    ) throws(SystemError) -> Directory {
        let folder = try Directory(path.parentDirectory)
        try folder.requireOwn(allowsSticky: true, allowsAnyOwner: allowsAnyOwner)
        try folder.requireFileOrNone(path.lastPathName)
        return folder
    }

    /// Why the metrics cannot be written, without writing them.
    ///
    /// - Parameters:
    ///   - path: The file, or a directory for the files of all listeners.
    ///   - origin: The listener.
    ///   - allowsAnyOwner: Whether the directory may belong to any user.
    /// - Returns: The error; nil if they can be written.
    static func obstacle(path: String, origin: Origin, allowsAnyOwner: Bool) -> SystemError? {
        let file = Self.path(of: origin, in: path)
        do throws(SystemError) {
            _ = try folder(for: file, allowsAnyOwner: allowsAnyOwner)
            guard unsafe access(file.parentDirectory, W_OK | X_OK) == 0 else {
                throw SystemError("cannot write to \(file.parentDirectory)")
            }
            return nil
        } catch {
            return error
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
        let bytes = origin.listener.utf8.map { byte in
            "/:".utf8.contains(byte) ? UInt8(ascii: "_") : byte
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
