package import Glibc
internal import System

/// A running supervisord, read from `/proc` (proc(5)).
package struct RunningSupervisord {
    /// Its environment.
    package let environment: [String: String]

    /// Its working directory; nil if it is unknown.
    package let directory: String?

    /// The path of its configuration, absolute if its working directory is known; nil if no file
    /// was found.
    ///
    /// A relative path is relative to where supervisord was started. That is its working directory,
    /// or the `PWD` of its environment, which its shell has set: a supervisord that runs as a daemon
    /// changes its working directory to `directory=`, so each configuration is tested for whether
    /// it leads to the working directory.
    package let configuration: String?

    /// Whether the process is certainly a supervisord; its identifier may be that of another
    /// namespace.
    private let isSupervisord: Bool

    /// Reads the properties of a process.
    ///
    /// - Parameters:
    ///   - identifier: The process. Returns nil if it has ended or its properties cannot be read.
    ///   - inherited: The environment to use if that of the process cannot be read, because it has
    ///     changed its user.
    package init?(_ identifier: pid_t, inherited: [String: String] = [:]) {
        guard let words = Self.strings("/proc/\(identifier)/cmdline"), !words.isEmpty else {
            return nil
        }
        environment =
            Self.strings("/proc/\(identifier)/environ").map(OwnEnvironment.variables) ?? inherited
        directory = Self.target("/proc/\(identifier)/cwd")
        let search = ConfigurationSearch(
            words: words, environment: environment, directory: directory)
        configuration = search.path
        isSupervisord = words.contains { $0.lastPathName == "supervisord" }
    }

    /// The configuration of the process, if it is not a certain file.
    ///
    /// - Parameter path: The file.
    /// - Returns: The path of the configuration; nil if it is that file, or unknown.
    package func configuration(besides path: String) -> String? {
        guard isSupervisord, let configuration else { return nil }
        var (one, other) = (stat(), stat())
        guard unsafe stat(path, &one) == 0, unsafe stat(configuration, &other) == 0,
            (one.st_dev, one.st_ino) != (other.st_dev, other.st_ino)
        else { return nil }
        return configuration
    }

    private static func strings(_ path: String) -> [String]? {
        let content = try? Descriptor.contents(of: path)
        return content?.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    }

    private static func target(_ link: String) -> String? {
        guard let target = unsafe realpath(link, nil) else { return nil }
        defer { unsafe free(target) }
        return unsafe String(cString: target)
    }
}
