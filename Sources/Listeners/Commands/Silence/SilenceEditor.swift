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
        try replace(by: lines().filter { Self.pattern(of: $0) != pattern } + [line])
    }

    /// Ends silences.
    ///
    /// - Parameter pattern: The pattern of the silence; nil for all.
    /// - Returns: How many were ended.
    /// - Throws: `SystemError` when the file cannot be written.
    func end(_ pattern: String?) throws(SystemError) -> Int {
        let all = lines()
        let isThere = unsafe access(path, F_OK) == 0
        let rest = pattern == nil ? [] : all.filter { Self.pattern(of: $0) != pattern }
        guard rest.count < all.count || (pattern == nil && isThere) else { return 0 }
        try replace(by: rest)
        return max(1, all.count - rest.count)
    }

    /// The lines of silences that have not ended.
    private func lines() -> [String] {
        guard let text = SilenceRecord(reading: path).text else { return [] }
        let now = Timestamp.now
        return text.utf8.split(separator: 0x0A).map { String(Substring($0)) }.filter { line in
            let silence = Silence(line, modified: now)
            return !silence.entries.isEmpty && !silence.holding(at: now).isEmpty
        }
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
