internal import Glibc
internal import System

/// The supervisord process that has started this listener, as `/proc` shows it (`proc(5)`).
///
/// It must be determined before the first worker is forked, because workers have another parent.
enum SupervisordProcess {
    /// Its identifier: the nearest ancestor that does not belong to this listener.
    ///
    /// If `command=` runs a shell, `timeout` or `runuser` that waits for the listener, supervisord
    /// has given both the same names. The shell belongs to the listener's user, not to
    /// supervisord's.
    static let identifier = search()

    /// Whether this supervisord has exited: the listener has another parent since then.
    static var hasExited: Bool { search() != identifier }

    /// The nearest ancestor that does not belong to this listener.
    private static func search() -> pid_t {
        var process = getppid()
        for _ in 0..<mostShells where isWrapper(process) {
            guard let stat = try? Descriptor.contents(of: "/proc/\(process)/stat"),
                let parent = ProcessMemory.parent(inStat: stat)
            else { break }
            process = pid_t(truncatingIfNeeded: parent)
        }
        return process
    }

    /// Its user; nil if unknown.
    static let user: UInt32? = {
        var status = stat()
        return unsafe stat("/proc/\(identifier)", &status) == 0 ? status.st_uid : nil
    }()

    /// Its working directory, which paths in its configuration are relative to; nil if this process
    /// may not read it.
    static let directory: String? = {
        guard let path = unsafe realpath("/proc/\(identifier)/cwd", nil) else { return nil }
        defer { unsafe free(path) }
        return unsafe String(cString: path)
    }()

    /// The most nested shells that are skipped.
    private static let mostShells = 8

    /// Whether a process has the same names from supervisord as this one.
    ///
    /// The environment of another user's process is hidden: `runuser` remains root and starts the
    /// listener as another user. supervisord starts each program in a process group of its own.
    private static func isWrapper(_ process: pid_t) -> Bool {
        let variables = ["SUPERVISOR_PROCESS_NAME", "SUPERVISOR_GROUP_NAME"]
        let names = variables.compactMap { (name: String) in
            unsafe getenv(name).map { value in
                let text = unsafe String(cString: value)
                return Array("\(name)=\(text)".utf8)
            }
        }
        guard !names.isEmpty else { return false }
        let path = "/proc/\(process)/environ"
        guard let environment = try? Descriptor.contents(of: path) else {
            return getpgid(process) == getpgrp()
        }
        let entries = environment.split(separator: 0).map(Array.init)
        return names.allSatisfy(entries.contains)
    }
}
