internal import Alerting
internal import Glibc
internal import ListenerProtocol
internal import System

/// Checks the files and directories that a listener opens later, by the rules with which it opens
/// them, and without changing anything.
struct StorageCheck {
    /// A checked path.
    struct Result: Hashable {
        /// The option, such as `--spool`.
        let option: String
        let path: String
        /// What the listener would log; nil if it can use the path.
        let fault: String?
    }

    /// The directory of the spool; nil for none.
    var spool: String?
    /// The file or directory of the metrics; nil for none.
    var metrics: MetricsPlace?
    /// The silence file; nil for none.
    var silenceFile: String?

    /// The listener's name in the spool.
    let spoolName: String

    private let origin: Origin
    private let allowsAnyOwner: Bool

    /// Prepares the checks.
    ///
    /// - Parameters:
    ///   - settings: The listener's settings.
    ///   - allowsAnyOwner: Whether directories may belong to any user, as when root checks them for
    ///     another one.
    init(_ settings: Settings, allowsAnyOwner: Bool = false) {
        (spool, metrics) = (settings.spool, settings.channelSettings.metrics)
        silenceFile = settings.silenceFile
        origin = settings.origin
        spoolName = settings.spoolName.listener
        self.allowsAnyOwner = allowsAnyOwner
    }

    /// The directories of the spool and the metrics.
    var folders: [Result] {
        var results: [Result] = []
        if let path = spool {
            let fault = Spool.obstacle(
                directory: path, listener: spoolName, allowsAnyOwner: allowsAnyOwner)
            results.append(
                Result(
                    option: "--spool", path: path,
                    fault: fault.map { "\($0); alerts are kept in memory only" }))
        }
        if let place = metrics {
            let fault = MetricsFile.obstacle(
                place, origin: origin, allowsAnyOwner: allowsAnyOwner)
            results.append(
                Result(
                    option: "--metrics", path: place.path,
                    fault: fault.map { "cannot write the metrics: \($0)" }))
        }
        return results
    }

    /// The silence file.
    var silence: Result? {
        guard let path = silenceFile else { return nil }
        return Result(option: "--silence", path: path, fault: Self.silenceFault(path))
    }

    private static func silenceFault(_ path: String) -> String? {
        if let mistake = SilenceRecord(reading: path).silence.mistakes.first {
            return "the silence file \(path): \(mistake)"
        }
        let folder = path.parentDirectory
        var status = stat()
        guard unsafe stat(folder, &status) != 0, errno == ENOENT || errno == ENOTDIR else {
            return nil
        }
        return "there is no directory \(folder)"
    }
}
