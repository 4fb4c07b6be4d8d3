// The last lines of a log file.

internal import EventLoop
internal import Glibc
internal import System
internal import Text

/// The last lines of a log file.
enum LogTail {
    /// The most bytes that are looked at.
    private static let reach = 65_536

    /// Reads the last lines of a file.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - count: How many lines.
    /// - Returns: The lines without their ends; nothing if the file cannot be read, or is no file.
    static func lines(of path: String, count: Int) -> [String]? {
        // A log may be a terminal or a pipe, which would keep us waiting.
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { return nil }
        let reader = Descriptor(rawValue: file)
        defer { reader.close() }
        var status = stat()
        guard unsafe fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            return nil
        }
        let isCut = Int(status.st_size) > reach
        if isCut { lseek(file, off_t(-reach), SEEK_END) }
        var bytes: [UInt8] = []
        while bytes.count < reach, case .bytes(let more) = reader.read() { bytes += more }
        return last(count, of: String(decoding: bytes, as: UTF8.self), isCut: isCut)
    }

    /// The last lines of a text.
    ///
    /// - Parameters:
    ///   - count: How many lines.
    ///   - text: The text.
    ///   - isCut: Whether the text begins within a line, which is then left out.
    /// - Returns: The lines without their ends.
    static func last(_ count: Int, of text: String, isCut: Bool) -> [String] {
        var lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        if isCut && lines.count > 1 { lines.removeFirst() }
        return lines.suffix(count).map { line in
            let isWindows = line.last == UInt8(ascii: "\r")
            // A line without an end would fill the mail alone.
            return String(Substring(isWindows ? line.dropLast() : line).suffix(scalars: 1_000))
        }
    }
}
