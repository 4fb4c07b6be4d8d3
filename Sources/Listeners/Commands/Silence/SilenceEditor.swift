internal import Glibc
internal import System

/// Edits the silence file for `superlance silence`: one line for each silence, with its pattern,
/// its end and the user who began it.
///
/// Listeners may read the file at any time, so it is replaced atomically. The last silence removes
/// the file, because an empty file silences everything. A file that holds anything else than
/// silences and comments is not changed: it may be another file, named by mistake.
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
            let rest = all.filter { line in
                guard let other = Self.pattern(of: line) else { return true }
                return pattern != nil && other != pattern
            }
            count = all.count - rest.count
            guard count > 0 else { return }
            try replace(by: rest)
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
    /// - Throws: `SystemError` if the file cannot be read, or is not a silence file: its lines would
    ///   be lost.
    private func lines() throws(SystemError) -> [String] {
        let record = SilenceRecord(reading: path)
        if let refusal = record.refusal {
            throw SystemError("cannot read \(path): \(refusal)", code: 0)
        }
        guard let text = record.text else { return [] }
        if let reason = Self.refusal(of: text) {
            throw SystemError("cannot change \(path): \(reason)", code: 0)
        }
        let modification = Timestamp(seconds: record.modification)
        var lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
            .map { String(Substring($0)) }
        if lines.last?.isEmpty == true { lines.removeLast() }
        // An empty file silences everything.
        if text.utf8.allSatisfy({ Self.spaces.contains($0) }) { lines = ["*"] }
        return lines.compactMap { Self.kept($0, modification) }
    }

    /// Why the content of a file is not that of a silence file, as one clause.
    private static func refusal(of text: String) -> String? {
        guard text.utf8.count < SilenceRecord.limit else {
            return "it is larger than \(SilenceRecord.limit) bytes; is it a silence file?"
        }
        guard !text.unicodeScalars.contains("\u{FFFD}") else {
            return "it is not UTF-8 text; is it a silence file?"
        }
        var hasSilences = false
        var hasEnds = false
        for (index, line) in text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
            .enumerated()
        {
            let line = String(Substring(line))
            guard pattern(of: line) != nil else { continue }
            guard Silence(line, modified: .now).mistakes.isEmpty else {
                return "line \(index + 1) is not a silence; correct it, or choose another file"
            }
            hasSilences = true
            hasEnds = hasEnds || isTimed(line)
        }
        guard hasSilences, !hasEnds else { return nil }
        return "none of its lines is a silence with until; is it a silence file? Add until and a "
            + "time to one, or choose another file"
    }

    /// The line to keep; nil for a silence that has ended.
    ///
    /// A silence without an end gets one: otherwise it would begin anew with this change of the
    /// file.
    private static func kept(_ line: String, _ modification: Timestamp) -> String? {
        guard pattern(of: line) != nil,
            let entry = Silence(line, modified: modification).entries.first
        else { return line }
        guard entry.end > .now else { return nil }
        return isTimed(line) ? line : "\(entry.pattern) until \(entry.end.rfc3339)"
    }

    private static func isTimed(_ line: String) -> Bool {
        line.utf8.split { spaces.contains($0) }.count > 1
    }

    /// The pattern of a silence; nil for an empty line and a comment.
    private static func pattern(of line: String) -> String? {
        guard let word = line.utf8.split(whereSeparator: { spaces.contains($0) }).first,
            word.first != UInt8(ascii: "#")
        else { return nil }
        return String(Substring(word))
    }

    /// What separates words, as listeners read the file: by bytes.
    private static let spaces: [UInt8] = [0x09, 0x0A, 0x0D, 0x20]

    private static var user: String {
        if let name = unsafe getenv("SUDO_USER") { return unsafe String(cString: name) }
        return UserName.orNumber(of: getuid())
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
            mode: 0o644, keepsAttributes: true, isLasting: false)
    }
}
