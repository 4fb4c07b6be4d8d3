internal import Glibc
internal import System

/// Edits the silence file for `superlance silence`: one line for each silence, with its pattern,
/// its end and the user who began it.
///
/// Listeners may read the file at any time, so it is replaced atomically. The last silence removes
/// the file, because an empty file silences everything.
struct SilenceEditor {
    let path: String

    /// Begins a silence, which replaces an earlier one with the same pattern.
    ///
    /// - Parameters:
    ///   - pattern: The programs to silence.
    ///   - end: When it ends.
    /// - Throws: `SystemError` when the file cannot be written.
    func begin(_ pattern: String, until end: Timestamp) throws(SystemError) {
        let line = "\(pattern) until \(end.rfc3339) by \(Self.user)"
        try locked { () throws(SystemError) in
            try replace(by: lines().filter { Self.pattern(of: $0) != pattern } + [line])
        }
    }

    /// Ends silences.
    ///
    /// - Parameter pattern: The pattern of the silence; nil for all.
    /// - Returns: How many were ended.
    /// - Throws: `SystemError` when the file cannot be written.
    func end(_ pattern: String?) throws(SystemError) -> Int {
        var count = 0
        try locked { () throws(SystemError) in
            let all = try lines()
            let isThere = unsafe access(path, F_OK) == 0
            let rest = pattern == nil ? [] : all.filter { Self.pattern(of: $0) != pattern }
            guard rest.count < all.count || (pattern == nil && isThere) else { return }
            try replace(by: rest)
            count = max(1, all.count - rest.count)
        }
        return count
    }

    /// How often a lock that another process holds is tried, with a pause in microseconds.
    private static let mostAttempts = 100
    private static let pause: useconds_t = 50_000

    /// Edits the file while no other `superlance silence` does.
    ///
    /// The directory is locked, since the file itself is replaced (flock(2)).
    private func locked(_ edit: () throws(SystemError) -> Void) throws(SystemError) {
        let directory = path.parentDirectory
        let number = unsafe open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard number >= 0 else { throw SystemError("cannot open \(directory)") }
        let lock = Descriptor(rawValue: number)
        defer { lock.close() }
        var attempts = 0
        while flock(number, LOCK_EX | LOCK_NB) != 0 {
            guard [EAGAIN, EINTR].contains(errno), attempts < Self.mostAttempts else {
                throw SystemError("cannot lock \(directory)")
            }
            attempts += 1
            usleep(Self.pause)
        }
        try edit()
    }

    /// The lines of the file, without the silences that have ended.
    ///
    /// - Throws: `SystemError` if the file cannot be read: its silences would be lost.
    private func lines() throws(SystemError) -> [String] {
        let record = SilenceRecord(reading: path)
        if let refusal = record.refusal {
            throw SystemError("cannot read \(path): \(refusal)", code: EPERM)
        }
        guard let text = record.text else { return [] }
        let modification = Timestamp(seconds: record.modification)
        let lines = text.utf8.split(separator: 0x0A).map { String(Substring($0)) }.filter {
            Self.pattern(of: $0) != nil
        }
        // An empty file silences everything.
        return (lines.isEmpty ? ["*"] : lines).compactMap { Self.kept($0, modification) }
    }

    /// The line to keep; nil for a silence that has ended.
    ///
    /// A silence without an end gets one: otherwise it would begin anew with this change of the
    /// file.
    private static func kept(_ line: String, _ modification: Timestamp) -> String? {
        let now = Timestamp.now
        let silence = Silence(line, modified: modification)
        // A comment, or a line that is reported as invalid.
        guard let entry = silence.entries.first else { return line }
        guard entry.end > now else { return nil }
        let isTimed = line.utf8.split { spaces.contains($0) }.count > 1
        return isTimed ? line : "\(entry.pattern) until \(entry.end.rfc3339)"
    }

    private static func pattern(of line: String) -> String? {
        line.utf8.split { Self.spaces.contains($0) }.first.map { String(Substring($0)) }
    }

    /// What separates words, as listeners read the file: by bytes.
    private static let spaces: [UInt8] = [0x09, 0x0A, 0x0D, 0x20]

    private static var user: String {
        if let name = unsafe getenv("SUDO_USER") { return unsafe String(cString: name) }
        guard let entry = unsafe getpwuid(getuid()), let name = unsafe entry.pointee.pw_name else {
            return "\(getuid())"
        }
        return unsafe String(cString: name)
    }

    private func replace(by lines: [String]) throws(SystemError) {
        guard !lines.isEmpty else {
            guard unsafe unlink(path) == 0 || errno == ENOENT else {
                throw SystemError("cannot remove \(path)")
            }
            return
        }
        let name = path.lastPathName
        try Directory(path.parentDirectory).write(
            Array(lines.map { "\($0)\n" }.joined().utf8), as: name, by: ".\(name).\(getpid())",
            mode: 0o644, isLasting: false)
    }
}
