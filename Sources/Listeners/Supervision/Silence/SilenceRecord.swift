internal import EventLoop
internal import Glibc
internal import System

/// The content of the silence file, read by a worker.
struct SilenceRecord: WorkerRecord, Hashable {
    static let recordName = "silence"

    /// The content; nil if there is no file.
    let text: String?
    /// When it was last changed, in seconds since 1970.
    let modification: Int
    /// Why it is not read although it is there, in one clause.
    var refusal: String?

    var fields: [String] {
        if let refusal { return [refusal] }
        return text.map { ["\(modification)", $0] } ?? []
    }

    init(text: String?, modification: Int = 0, refusal: String? = nil) {
        self.text = text
        self.modification = modification
        self.refusal = refusal
    }

    init?(fields: [String]) {
        if fields.count < 2 {
            self.init(text: nil, refusal: fields.first)
        } else {
            guard fields.count == 2, let modification = Int(fields[0]) else { return nil }
            self.init(text: fields[1], modification: modification)
        }
    }

    /// The parsed content.
    var silence: Silence {
        if let refusal { return Silence(entries: [], mistakes: [refusal]) }
        return text.map { Silence($0, modified: Timestamp(seconds: modification)) } ?? .none
    }
}

extension SilenceRecord {
    /// The maximum number of bytes read.
    static let limit = 65_536

    /// Reads a file; one that is there but cannot be read silences nothing, with the reason.
    init(reading path: String) {
        let descriptor: Descriptor
        // Its lines are logged, so another user's link to a secret file must not be followed.
        switch GuardedFile.open(path, owners: LogTail.owners.union([geteuid()])) {
        case .file(let file): descriptor = file
        case .refused(let reason):
            self.init(text: nil, refusal: reason)
            return
        case .denied:
            self.init(text: nil, refusal: "this user cannot read it; change its mode or owner")
            return
        case .special:
            self.init(text: nil, refusal: "it is not a regular file; delete it")
            return
        case .absent:
            self.init(text: nil)
            return
        }
        defer { descriptor.close() }
        var status = stat()
        guard unsafe fstat(descriptor.rawValue, &status) == 0 else {
            self.init(text: nil)
            return
        }
        var bytes: [UInt8] = []
        while bytes.count < Self.limit, case .bytes(let more) = descriptor.read() { bytes += more }
        self.init(
            text: String(decoding: bytes, as: UTF8.self), modification: status.st_mtim.tv_sec)
    }
}
