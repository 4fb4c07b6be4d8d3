internal import Alerting
internal import Glibc
internal import System
internal import Text

/// Where the metrics are written: a file, or a directory with a file for each listener.
struct MetricsPlace: Hashable {
    /// The path.
    var path: String

    /// Whether it is created as a directory if it does not exist.
    let isFolder: Bool

    /// Determines the place.
    ///
    /// SUPERLANCE_METRICS is usually set for all listeners, which would overwrite each other's
    /// file.
    ///
    /// - Parameters:
    ///   - path: The path.
    ///   - isShared: Whether it comes from the variable instead of the option.
    init(_ path: String, isShared: Bool) {
        self.path = path
        isFolder =
            path.endsExactly(with: "/") || (isShared && !path.endsExactly(with: ".prom"))
    }

    /// The listener's file.
    func file(of origin: Origin) -> String {
        Directory.exists(at: path) || isMissingFolder
            ? "\(path)/\(Self.fileName(origin)).prom" : path
    }

    /// Creates the directory if it does not exist.
    ///
    /// - Throws: `SystemError` when it cannot be created.
    func make() throws(SystemError) {
        guard isFolder, unsafe mkdir(path, 0o755) != 0, errno != EEXIST else { return }
        throw SystemError("cannot create \(path)")
    }

    /// Whether the directory will be created.
    var isMissingFolder: Bool { isFolder && !exists }

    private var exists: Bool { unsafe access(path, F_OK) == 0 }

    private static func fileName(_ origin: Origin) -> String {
        let bytes = origin.listener.utf8.map { byte in
            "/:".utf8.contains(byte) ? UInt8(ascii: "_") : byte
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
