internal import Glibc
internal import System

/// Reads the end of a log, which may have been rotated while its process ran.
struct LogReader {
    /// The log.
    let path: String
    /// How many lines to read.
    let count: Int
    /// Where to begin; nil for the start of the file.
    let begin: LogPosition?
    /// The files to which lines that are missing in the last one were written; nil for none.
    let rotations: LogTail.Rotations?
    /// The users whose links are followed.
    let owners: Set<UInt32>

    /// The rotated files that are searched.
    static let numbers = 1...3

    /// The maximum number of bytes read of each file.
    private static let reach = 65_536

    /// A part of the log.
    private struct Part {
        var bytes: [UInt8] = []
        /// Whether there is more before it in the same file.
        var isCut = false
        /// Whether it contains the place where to begin, so that nothing before it matters.
        var isWhole = false
    }

    /// Opens a rotated file.
    ///
    /// - Parameter number: Its number.
    /// - Returns: The file; nil if it cannot be read.
    func open(_ number: Int) -> Descriptor? {
        guard case .file(let file) = GuardedFile.open(name(number), owners: owners) else {
            return nil
        }
        return file
    }

    private func name(_ number: Int) -> String { "\(path).\(number)" }

    /// Reads the last lines of a file, and of those before it.
    ///
    /// - Parameters:
    ///   - file: The file.
    ///   - number: The number of a rotated file; 0 for the log.
    ///   - end: Where to end; nil for the end of the file.
    /// - Returns: The lines without line ends.
    func lines(_ file: Descriptor, _ number: Int = 0, before end: Int? = nil) -> [String] {
        var text = part(of: file, before: end)
        for number in Self.numbers.dropFirst(number) where isIncomplete(text) {
            guard let file = open(number) else { break }
            defer { file.close() }
            guard let older = older(file, number) else { break }
            text = Part(
                bytes: older.bytes + text.bytes, isCut: older.isCut, isWhole: older.isWhole)
        }
        return LogTail.last(
            count, of: String(decoding: text.bytes, as: UTF8.self), isCut: text.isCut)
    }

    private func isIncomplete(_ text: Part) -> Bool {
        rotations != nil && !text.isWhole && !text.isCut
            && text.bytes.count { $0 == UInt8(ascii: "\n") } < count
    }

    /// The end of a rotated file, if the process has written to it.
    private func older(_ file: Descriptor, _ number: Int) -> Part? {
        guard let rotations, let change = LogFile.change(of: file), change >= rotations.start else {
            return nil
        }
        let part = part(of: file)
        let isOwn = part.isWhole || LogFile.birth(name(number)) >= rotations.start - 1
        return isOwn || rotations.includesOlder ? part : nil
    }

    private func part(of file: Descriptor, before end: Int? = nil) -> Part {
        var status = stat()
        guard unsafe fstat(file.rawValue, &status) == 0 else { return Part() }
        let end = min(end ?? Int(status.st_size), Int(status.st_size))
        // A file that was emptied since is its own from the start.
        let place = begin?.place(of: file)
        let first = place == .here ? min(begin?.size ?? 0, end) : 0
        let start = max(first, end - Self.reach)
        lseek(file.rawValue, off_t(start), SEEK_SET)
        var part = Part(isCut: start > first, isWhole: place == .here || place == .emptied)
        while part.bytes.count < end - start,
            case .bytes(let more) = file.read(atMost: end - start - part.bytes.count)
        {
            part.bytes += more
        }
        return part
    }
}
