internal import Curl
internal import Glibc
internal import Text

/// Searches supervisord's own log for the end of a process.
///
/// This log is the only source for the number of a signal: the RPC returns -1, and the event does
/// not include it. The relevant lines are `spawned: 'NAME' with pid PID` and `exited: NAME (HOW;
/// not expected)`.
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

    private let lines: [Substring]

    /// Parses the end of a log.
    init(_ text: String) {
        lines = text.utf8.split(separator: UInt8(ascii: "\n")).map(Substring.init)
    }

    /// Returns the end of a process.
    ///
    /// The lines name processes without their groups, so the result is valid only if the name is
    /// unique.
    ///
    /// - Parameters:
    ///   - name: The process's name, without its group.
    ///   - pid: Its identifier.
    /// - Returns: Its end; nil if its start or end is not in this part of the log.
    func death(of name: String, pid: Int) -> Death? {
        let spawned = "spawned: '\(name)' with pid \(pid)"
        guard let start = lines.lastIndex(where: { $0.endsExactly(with: " \(spawned)") }) else {
            return nil
        }
        return death(of: name, startedIn: start)
    }

    /// Returns the end of the last process with a name.
    ///
    /// - Parameter name: The process's name, without its group.
    /// - Returns: Its end; nil if its start or end is not in this part of the log.
    func lastDeath(of name: String) -> Death? {
        let spawned = " spawned: '\(name)' with pid "
        guard let start = lines.lastIndex(where: { $0.containsText(spawned) }) else { return nil }
        return death(of: name, startedIn: start)
    }

    private func death(of name: String, startedIn start: Int) -> Death? {
        let exited = " exited: \(name) ("
        let next = " spawned: '\(name)' with pid "
        // If the next process was spawned first, this part of the log does not contain the end.
        guard
            let end = lines[(start + 1)...].first(where: {
                $0.containsText(exited) || $0.containsText(next)
            }),
            let how = end.firstRange(ofText: exited).map({ end[$0.upperBound...] })
        else { return nil }
        var death = Death()
        let words = Substring(how.utf8.prefix { $0 != UInt8(ascii: ";") })
        if words.beginsExactly(with: "exit status ") {
            death.exitStatus = Int(Substring(words.utf8.dropFirst("exit status ".utf8.count)))
        } else if words.beginsExactly(with: "terminated by ") {
            death.signal = String(words)
        }
        if let began = Self.time(lines[start]), let ended = Self.time(end), ended >= began {
            death.uptime = ended - began
        }
        return death
    }

    /// Parses the time at the start of a line, `2026-11-20 22:01:43,673`, to seconds.
    private static func time(_ line: Substring) -> Int? {
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        let numbers = line.utf8.prefix(19).split { !digits.contains($0) }
            .compactMap { Int32(Substring($0)) }
        guard numbers.count == 6 else { return nil }
        var time = unsafe tm()
        unsafe time.tm_year = numbers[0] - 1900
        unsafe time.tm_mon = numbers[1] - 1
        unsafe time.tm_mday = numbers[2]
        unsafe time.tm_hour = numbers[3]
        unsafe time.tm_min = numbers[4]
        unsafe time.tm_sec = numbers[5]
        unsafe time.tm_isdst = -1
        return unsafe mktime(&time)
    }
}
