// Reads the silence file. Runs in a worker.

internal import EventLoop
internal import Glibc
internal import System

/// The silence file's content, as a worker has read it.
struct SilenceRecord: WorkerRecord, Hashable {
    static let recordName = "silence"

    /// The content; nothing if there is no file.
    let text: String?
    /// When it was last changed, in seconds since 1970.
    let modification: Int

    var fields: [String] { text.map { ["\(modification)", $0] } ?? [] }

    init(text: String?, modification: Int = 0) {
        self.text = text
        self.modification = modification
    }

    init?(fields: [String]) {
        if fields.isEmpty {
            self.init(text: nil)
        } else {
            guard fields.count == 2, let modification = Int(fields[0]) else { return nil }
            self.init(text: fields[1], modification: modification)
        }
    }

    /// What the file says.
    var silence: Silence {
        text.map { Silence($0, modified: Timestamp(seconds: modification)) } ?? .none
    }
}

extension SilenceRecord {
    /// The most that is read, in bytes.
    private static let limit = 65_536

    /// Reads a file; one that cannot be read is as good as none.
    init(reading path: String) {
        // A FIFO must not make it wait.
        let number = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard number >= 0 else {
            self.init(text: nil)
            return
        }
        let descriptor = Descriptor(rawValue: number)
        defer { descriptor.close() }
        var status = stat()
        guard unsafe fstat(number, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            self.init(text: nil)
            return
        }
        var bytes: [UInt8] = []
        while bytes.count < Self.limit, case .bytes(let more) = descriptor.read() { bytes += more }
        self.init(
            text: String(decoding: bytes, as: UTF8.self), modification: status.st_mtim.tv_sec)
    }
}
