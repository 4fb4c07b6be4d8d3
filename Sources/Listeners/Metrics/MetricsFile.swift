internal import Alerting
internal import EventLoop
internal import Glibc
internal import System

/// Writes the metrics for node_exporter's textfile collector, at most once a second.
///
/// The file is replaced atomically: it is written under another name and then renamed. A directory
/// that others can write to is not used. A write error is logged once.
final class MetricsFile {
    private let place: MetricsPlace
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
    ///   - place: The file, or a directory for the files of all listeners.
    ///   - origin: The listener.
    ///   - metrics: The metrics to write.
    ///   - loop: The event loop.
    ///   - log: The log for errors.
    init(_ place: MetricsPlace, origin: Origin, metrics: Metrics, loop: PollLoop, log: Log) {
        self.place = place
        path = place.file(of: origin)
        self.metrics = metrics
        self.loop = loop
        self.log = log
    }

    /// Writes under another listener's name from now on.
    func move(to origin: Origin) {
        path = place.file(of: origin)
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
                log.report(
                    .error, "cannot write the metrics: \(error); further failures are not logged")
            }
            hasFailed = true
        }
    }

    private func replace(by bytes: [UInt8]) throws(SystemError) {
        let name = path.lastPathName
        try place.make()
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
    ///   - place: The file, or a directory for the files of all listeners.
    ///   - origin: The listener.
    ///   - allowsAnyOwner: Whether the directory may belong to any user.
    /// - Returns: The error; nil if they can be written.
    static func obstacle(
        _ place: MetricsPlace, origin: Origin, allowsAnyOwner: Bool
    ) -> SystemError? {
        let file = place.file(of: origin)
        do throws(SystemError) {
            guard !place.isMissingFolder else {
                guard unsafe access(place.path.parentDirectory, W_OK | X_OK) == 0 else {
                    throw SystemError("cannot create \(place.path)")
                }
                return nil
            }
            _ = try folder(for: file, allowsAnyOwner: allowsAnyOwner)
            guard unsafe access(file.parentDirectory, W_OK | X_OK) == 0 else {
                throw SystemError("cannot write to \(file.parentDirectory)")
            }
            return nil
        } catch {
            return error
        }
    }
}
