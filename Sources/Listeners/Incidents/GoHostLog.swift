internal import System
internal import Text

/// Searches the log of the Go implementation (ochinchina/supervisord) for the end of a process.
///
/// Its lines have the form `time="2026-11-21T15:04:55Z" level=info msg="program stopped with
/// status:HOW" program=NAME`. They include neither a process identifier nor a group, and times are
/// in whole seconds.
struct GoHostLog {
    /// The end of a process.
    struct End: Equatable {
        /// The exit status.
        var exitStatus: Int?
        /// The signal, in Go's words.
        var signal: String?
    }

    private let lines: [Substring]

    /// Parses the end of a log.
    init(_ text: String) {
        lines = text.utf8.split(separator: UInt8(ascii: "\n")).map(Substring.init)
    }

    /// Returns the last end of a process within a range of time.
    ///
    /// - Parameters:
    ///   - name: The name of the process, without its group.
    ///   - seconds: The range, in seconds since 1970.
    /// - Returns: Its end; nil if it is not in this part of the log.
    func end(of name: String, during seconds: ClosedRange<Int>) -> End? {
        for line in lines.reversed() {
            guard let (time, how, program) = Self.parts(line), program.isExactly(name),
                seconds.contains(time)
            else { continue }
            if let status = Self.rest(of: how, after: "exit status ") {
                return End(exitStatus: Int(status))
            }
            return Self.rest(of: how, after: "signal: ").map { End(signal: String($0)) }
        }
        return nil
    }

    private static let message = #" msg="program stopped with status:"#
    private static let program = #"" program="#

    private static func parts(_ line: Substring) -> (time: Int, how: Substring, program: String)? {
        guard let start = rest(of: line, after: #"time=""#),
            let message = line.firstRange(ofText: message),
            let program = line[message.upperBound...].firstRange(ofText: program),
            let time = Timestamp(
                rfc3339: String(Substring(start.utf8.prefix { $0 != UInt8(ascii: "\"") })))
        else { return nil }
        return (
            time.seconds, line[message.upperBound..<program.lowerBound],
            unquoted(line[program.upperBound...])
        )
    }

    /// The text after a prefix; nil if the text does not have it.
    private static func rest(of text: Substring, after word: String) -> Substring? {
        text.beginsExactly(with: word) ? Substring(text.utf8.dropFirst(word.utf8.count)) : nil
    }

    /// A value without the quotes and escapes that it has unless it is plain ASCII.
    private static func unquoted(_ value: Substring) -> String {
        let quote = UInt8(ascii: "\"")
        let bytes = value.utf8
        guard bytes.count > 1, bytes.first == quote, bytes.last == quote else {
            return String(value)
        }
        var text: [UInt8] = []
        var isEscaped = false
        for byte in bytes.dropFirst().dropLast() {
            isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
            if !isEscaped { text.append(byte) }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
