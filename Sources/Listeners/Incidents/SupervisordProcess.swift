// The process of the supervisord that has started this listener.

internal import Glibc
internal import System

/// The process of the supervisord that has started this listener, as `/proc` shows it (`proc(5)`).
///
/// It has to be looked for before the first worker is forked, since workers have another parent.
enum SupervisordProcess {
    /// Its identifier: the nearest ancestor that is no part of this listener.
    ///
    /// A shell that `command=` runs, and that waits for the listener, got the same names from
    /// supervisord as the listener. It belongs to the listener's user, not to supervisord's.
    static let identifier: pid_t = {
        var process = getppid()
        for _ in 0..<mostShells where isWrapper(process) {
            guard let parent = content("/proc/\(process)/stat").flatMap(ProcessMemory.parent) else {
                break
            }
            process = pid_t(truncatingIfNeeded: parent)
        }
        return process
    }()

    /// Its user; nothing if that is not known.
    static let user: UInt32? = {
        var status = stat()
        return unsafe stat("/proc/\(identifier)", &status) == 0 ? status.st_uid : nil
    }()

    /// Its directory, to which paths in its configuration are relative; nothing if this process may
    /// not know it.
    static let directory: String? = {
        guard let path = unsafe realpath("/proc/\(identifier)/cwd", nil) else { return nil }
        defer { unsafe free(path) }
        return unsafe String(cString: path)
    }()

    /// So many shells in each other are looked through.
    private static let mostShells = 8

    /// Whether a process has the names that supervisord has given to this one.
    private static func isWrapper(_ process: pid_t) -> Bool {
        let variables = ["SUPERVISOR_PROCESS_NAME", "SUPERVISOR_GROUP_NAME"]
        let names = variables.compactMap { (name: String) in
            unsafe getenv(name).map { value in
                let text = unsafe String(cString: value)
                return Array("\(name)=\(text)".utf8)
            }
        }
        guard !names.isEmpty, let environment = content("/proc/\(process)/environ") else {
            return false
        }
        let entries = environment.split(separator: 0).map(Array.init)
        return names.allSatisfy(entries.contains)
    }

    private static func content(_ path: String) -> [UInt8]? {
        let number = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard number >= 0 else { return nil }
        let file = Descriptor(rawValue: number)
        defer { file.close() }
        var content: [UInt8] = []
        while case .bytes(let bytes) = file.read() { content += bytes }
        return content
    }
}
