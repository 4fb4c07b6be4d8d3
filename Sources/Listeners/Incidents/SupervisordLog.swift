internal import Glibc
internal import System
internal import Text

/// Searches supervisord's own log for the end of a process.
///
/// This log is the only source for the number of a signal: the RPC returns -1, and the event does
/// not include it. The relevant lines are `spawned: 'NAME' with pid PID`, `exited: NAME (HOW; not
/// expected)`, `stopped: NAME (HOW)` and `gave up: NAME entered FATAL state`. They name processes without their groups, so
/// the results are valid only if the name is unique.
///
/// From `loglevel=debug` on, the log also has the output of the programs, which may look like such
/// lines. Ends of one process that differ are then no result.
struct SupervisordLog {
    /// The end of a process.
    struct Death: Equatable {
        /// The exit status.
        var exitStatus: Int?
        /// The signal, in supervisord's words.
        var signal: String?
        /// How long the process ran, in seconds.
        var uptime: Int?
    }

    /// A line about a process.
    private struct Entry {
        enum Kind { case spawned, exited, stopped, gaveUp }

        let kind: Kind
        /// The name and what follows it.
        let words: Substring
        /// The date and the time before it.
        let moment: String
    }

    /// A name as the lines have it.
    private struct Name {
        let spawned: String
        let exited: String

        init(_ name: String) {
            spawned = "\(name)' with pid "
            exited = "\(name) ("
        }
    }

    private let entries: [Entry]

    /// Whether the log has the output of the programs.
    private let hasOutput: Bool

    /// The levels below `info`, as lines have them.
    private static let outputLevels = ["DEBG", "TRAC", "BLAT"]

    /// How old the line of a death may be when its event arrives, in seconds.
    private static let lag = 10

    /// Parses the end of a log.
    init(_ text: String) {
        let lines = text.utf8.split(separator: UInt8(ascii: "\n")).map(Self.words)
        entries = lines.compactMap(Self.entry)
        hasOutput = lines.contains { words in
            words.count > 2 && Self.outputLevels.contains { words[2].isExactly($0) }
        }
    }

    /// Returns the end of a process.
    ///
    /// - Parameters:
    ///   - name: The process's name, without its group.
    ///   - pid: Its identifier.
    /// - Returns: Its end; nil if its start or end is not in this part of the log.
    func death(of name: String, pid: Int) -> Death? {
        let name = Name(name)
        guard let start = start(of: name, pid: pid) else { return nil }
        return death(of: name, startedIn: start)
    }

    /// Returns the end of the last process with a name.
    ///
    /// With `loglevel=warn`, the log has ends without starts.
    ///
    /// - Parameter name: The process's name, without its group.
    /// - Returns: Its end; nil if it is not in this part of the log.
    func lastDeath(of name: String) -> Death? {
        let name = Name(name)
        guard let start = entries.lastIndex(where: { Self.pid(in: $0, of: name) != nil }) else {
            return agreed(entries.compactMap { Self.how(in: $0, of: name) }).map(Self.death)
        }
        return death(of: name, startedIn: start)
    }

    /// Returns the only end of a process with a name shortly before an event.
    ///
    /// - Parameters:
    ///   - name: The process's name, without its group.
    ///   - time: When the event arrived.
    /// - Returns: Its end, without the uptime; nil if there is none, or more than one.
    func onlyDeath(of name: String, before time: Timestamp) -> Death? {
        let name = Name(name)
        let ends = entries.filter { Self.isEnd($0, of: name, before: time) }
        guard ends.count == 1, let how = Self.how(in: ends[0], of: name) else { return nil }
        return Self.death(how)
    }

    /// Returns the last end of a process before it became FATAL.
    ///
    /// - Parameter name: The process's name, without its group.
    /// - Returns: Its end; nil if it is not in this part of the log.
    func deathBeforeFatal(of name: String) -> Death? {
        let gaveUp = entries.lastIndex { entry in
            entry.kind == .gaveUp && entry.words.beginsExactly(with: "\(name) entered FATAL state")
        }
        let name = Name(name)
        let before = entries[..<(gaveUp ?? 0)]
        guard let end = before.lastIndex(where: { Self.how(in: $0, of: name) != nil }) else {
            return nil
        }
        let start = before[..<end].lastIndex { Self.pid(in: $0, of: name) != nil } ?? 0
        return agreed(before[start...].compactMap { Self.how(in: $0, of: name) }).map(Self.death)
    }

    /// Returns the times at which a process was started after its end.
    ///
    /// - Parameters:
    ///   - name: The process's name, without its group.
    ///   - pid: The identifier of the process that ended.
    ///   - time: When the event arrived.
    /// - Returns: The times in order; nil if its end is not in this part of the log.
    func restarts(of name: String, after pid: Int, before time: Timestamp) -> [Timestamp]? {
        let name = Name(name)
        let end =
            start(of: name, pid: pid).map { self.end(of: name, startedIn: $0) }
            ?? entries.lastIndex { Self.isEnd($0, of: name, before: time) }
        return end.map { end in
            entries[end...].filter { Self.pid(in: $0, of: name) != nil }.compactMap(Self.time)
        }
    }

    /// When a process was started and ended, and when the one before ended.
    struct Life {
        /// Its start.
        let start: Timestamp?
        /// Its end.
        let end: Timestamp?
        /// The end of the process before; nil if it is not in this part of the log.
        let previousEnd: Timestamp?
    }

    /// Returns the times of a process.
    ///
    /// - Parameters:
    ///   - name: The process's name, without its group.
    ///   - pid: Its identifier.
    /// - Returns: The times; nil if its start is not in this part of the log.
    func life(of name: String, pid: Int) -> Life? {
        let name = Name(name)
        guard let start = start(of: name, pid: pid) else { return nil }
        let previous = entries[..<start].last { Self.how(in: $0, of: name) != nil }
        return Life(
            start: Self.time(entries[start]),
            end: end(of: name, startedIn: start).flatMap { Self.time(entries[$0]) },
            previousEnd: previous.flatMap(Self.time))
    }

    /// Returns the moments at which a process was stopped on request, as the log has them.
    ///
    /// - Parameter name: The process's name, without its group.
    /// - Returns: The moments.
    func stops(of name: String) -> Set<String> {
        let name = Name(name)
        return Set(
            entries.filter { $0.kind == .stopped && $0.words.beginsExactly(with: name.exited) }
                .map(\.moment))
    }

    private static func isEnd(_ entry: Entry, of name: Name, before time: Timestamp) -> Bool {
        guard how(in: entry, of: name) != nil, let end = Self.time(entry) else { return false }
        return end <= time && end.seconds >= time.seconds - lag
    }

    private func start(of name: Name, pid: Int) -> Int? {
        // A program could write such a line later.
        hasOutput
            ? entries.firstIndex { Self.pid(in: $0, of: name) == pid }
            : entries.lastIndex { Self.pid(in: $0, of: name) == pid }
    }

    /// The last of several ends of one process; nil if programs may have written some of them.
    private func agreed(_ ends: [Substring]) -> Substring? {
        guard let last = ends.last else { return nil }
        return hasOutput && !ends.allSatisfy { $0.isExactly(last) } ? nil : last
    }

    /// The index of the end of a process, by the index of its start.
    private func end(of name: Name, startedIn start: Int) -> Int? {
        guard !hasOutput else { return endAmongOutput(of: name, startedIn: start) }
        let next = entries[(start + 1)...].firstIndex {
            Self.how(in: $0, of: name) != nil || Self.pid(in: $0, of: name) != nil
        }
        // If the next process was spawned first, this part of the log does not contain the end.
        return next.flatMap { Self.how(in: entries[$0], of: name) == nil ? nil : $0 }
    }

    private func endAmongOutput(of name: Name, startedIn start: Int) -> Int? {
        let pid = Self.pid(in: entries[start], of: name)
        let rest = entries[(start + 1)...]
        let next = rest.firstIndex { entry in
            Self.pid(in: entry, of: name).map { $0 != pid } ?? false
        }
        let run = rest[..<(next ?? rest.endIndex)]
        guard agreed(run.compactMap { Self.how(in: $0, of: name) }) != nil else { return nil }
        return run.lastIndex { Self.how(in: $0, of: name) != nil }
    }

    private func death(of name: Name, startedIn start: Int) -> Death? {
        guard let end = end(of: name, startedIn: start),
            let how = Self.how(in: entries[end], of: name)
        else { return nil }
        var death = Self.death(how)
        if let began = Self.time(entries[start]), let ended = Self.time(entries[end]),
            ended.seconds >= began.seconds
        {
            death.uptime = ended.seconds - began.seconds
        }
        return death
    }

    // MARK: The words of a line

    /// Date, time, level, message.
    private static func words(_ line: Substring.UTF8View.SubSequence) -> [Substring] {
        line.split(separator: UInt8(ascii: " "), maxSplits: 3).map { Substring($0) }
    }

    private static func entry(_ words: [Substring]) -> Entry? {
        guard words.count == 4 else { return nil }
        let moment = "\(words[0]) \(words[1])"
        let message = words[3]
        let kinds: [(String, Entry.Kind)] = [
            ("spawned: '", .spawned), ("exited: ", .exited), ("stopped: ", .stopped),
            ("gave up: ", .gaveUp),
        ]
        for (beginning, kind) in kinds where message.beginsExactly(with: beginning) {
            let words = message.utf8.dropFirst(beginning.utf8.count)
            return Entry(kind: kind, words: Substring(words), moment: moment)
        }
        return nil
    }

    /// The process identifier, if the line is the start of a process with this name.
    private static func pid(in entry: Entry, of name: Name) -> Int? {
        guard entry.kind == .spawned, entry.words.beginsExactly(with: name.spawned) else {
            return nil
        }
        return Int(Substring(entry.words.utf8.dropFirst(name.spawned.utf8.count)))
    }

    /// How the process ended, if the line is the end of a process with this name.
    private static func how(in entry: Entry, of name: Name) -> Substring? {
        guard entry.kind == .exited, entry.words.beginsExactly(with: name.exited) else {
            return nil
        }
        let how = entry.words.utf8.dropFirst(name.exited.utf8.count)
        return Substring(how.prefix { $0 != UInt8(ascii: ";") })
    }

    private static func death(_ how: Substring) -> Death {
        var death = Death()
        let status = "exit status "
        if how.beginsExactly(with: status) {
            death.exitStatus = Int(Substring(how.utf8.dropFirst(status.utf8.count)))
        } else if how.beginsExactly(with: "terminated by ") {
            death.signal = String(how)
        }
        return death
    }

    /// Parses the time of a line, `2026-11-20 22:01:43,673`, which is local.
    private static func time(_ entry: Entry) -> Timestamp? {
        let numbers = entry.moment.utf8.split { !$0.isASCIIDigit }
            .compactMap { Int32(Substring($0)) }
        guard numbers.count == 7 else { return nil }
        var time = unsafe tm()
        unsafe time.tm_year = numbers[0] - 1900
        unsafe time.tm_mon = numbers[1] - 1
        unsafe time.tm_mday = numbers[2]
        unsafe time.tm_hour = numbers[3]
        unsafe time.tm_min = numbers[4]
        unsafe time.tm_sec = numbers[5]
        unsafe time.tm_isdst = -1
        return Timestamp(seconds: unsafe mktime(&time), milliseconds: Int(numbers[6]))
    }
}
