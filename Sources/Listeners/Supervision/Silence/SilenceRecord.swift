internal import EventLoop
internal import Glibc
internal import System
internal import Text

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

    /// What to do about something else than a file.
    private static func obstacle(at path: String) -> String {
        if Directory.exists(at: path) {
            return "it is a directory; name a file in it, such as \(path)/silence"
        }
        if let file = fileAbove(path) { return "\(file) is not a directory; name another path" }
        return path.beginsExactly(with: "/dev/")
            ? "it is a device; name a file" : "it is not a regular file; delete it"
    }

    /// What stands in place of a directory of a path; nil if nothing does.
    private static func fileAbove(_ path: String) -> String? {
        var status = stat()
        guard unsafe stat(path, &status) != 0, errno == ENOTDIR else { return nil }
        var parent = path.parentDirectory
        while unsafe stat(parent, &status) != 0, errno == ENOTDIR {
            parent = parent.parentDirectory
        }
        return parent
    }

    /// Reads a file; one that is there but cannot be read silences nothing, with the reason.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - users: Further users whose files are read, such as those of the listeners.
    init(reading path: String, of users: Set<UInt32> = []) {
        let owners = LogTail.owners.union(users).union([0, geteuid()])
        let descriptor: Descriptor
        // Its lines are logged, so another user's link to a secret file must not be followed.
        switch GuardedFile.open(path, owners: owners) {
        case .file(let file): descriptor = file
        case .refused(let reason):
            self.init(text: nil, refusal: reason)
            return
        case .denied:
            self.init(text: nil, refusal: "this user cannot read it; change its mode or owner")
            return
        case .special:
            self.init(text: nil, refusal: Self.obstacle(at: path))
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
        if let stranger = Self.stranger(owning: status, in: path.parentDirectory, besides: owners) {
            self.init(
                text: nil,
                refusal: "it belongs to \(stranger), and any user can create it: choose a "
                    + "directory that other users cannot write to")
            return
        }
        var bytes: [UInt8] = []
        while bytes.count < Self.limit, case .bytes(let more) = descriptor.read() { bytes += more }
        guard !bytes.contains(0) else {
            // A power failure can leave blocks of them.
            self.init(text: nil, refusal: "it contains NUL bytes; delete it")
            return
        }
        self.init(
            text: String(decoding: bytes, as: UTF8.self), modification: status.st_mtim.tv_sec)
    }

    /// The name of a user who may have created the file without permission: in a directory such as
    /// `/tmp`, any user can.
    ///
    /// In a directory that only a group can write to, the operator has chosen who may silence.
    private static func stranger(
        owning file: stat, in folder: String, besides owners: Set<UInt32>
    ) -> String? {
        var status = stat()
        guard !owners.contains(file.st_uid), unsafe stat(folder, &status) == 0,
            status.st_mode & S_IWOTH != 0, status.st_uid != file.st_uid
        else { return nil }
        return UserName.orNumber(of: file.st_uid)
    }
}
