internal import EventLoop
internal import Glibc
public import System
internal import Text

/// Stores alerts on disk until they are delivered.
///
/// Each alert is a file in the listener's own directory below the spool's: `LISTENER.0`, or the
/// next free number if a second listener with that name is running. A lock marks a directory as
/// used; a starting listener takes over its own directory and unlocked ones with its name. A
/// storage error is not fatal: the alert stays in memory, and the error is logged once a minute.
public final class Spool {
    /// Identifies a file in the spool.
    public struct Key: Hashable, Sendable {
        let name: String

        /// Whether the file may contain an alert, which is read shortly before its delivery; other
        /// content is read at the start.
        public var canWait: Bool {
            ![".incident", ".firing", ".counted", ".thread", ".series", ".restarts", Self.held]
                .contains {
                    name.containsText($0)
                }
        }

        /// The mark of an alert whose details are not complete.
        static let held = ".held"

        /// The same file as that of a complete alert.
        var released: Key {
            guard let mark = name.firstRange(ofText: Self.held) else { return self }
            return Key(name: "\(name[..<mark.lowerBound])\(name[mark.upperBound...])")
        }
    }

    private let directory: String
    private let listener: String
    private let nameless: NamelessListener?
    private let log: Log
    private var folder: SpoolFolder?
    private var count = 0
    private var quietUntil: Instant?
    private var laterLooks = 0
    /// Whether the directories of other sections were reported.
    private var hasReported = false

    /// The section of the listener in supervisord's configuration, once it is known.
    ///
    /// It identifies the directories of this listener whose names have the checksum of other
    /// options.
    public var section: String? {
        didSet {
            guard section != oldValue else { return }
            if let folder { note(sectionIn: folder) }
        }
    }

    /// After how many further looks the directories of other sections are reported: living listeners
    /// have locked theirs by then.
    private static let looksBeforeReport = 3

    /// The maximum age of an undelivered alert: 7 days.
    static let longestStay = Duration.seconds(604_800)

    /// Opens a spool.
    ///
    /// A failure is logged, and retried later.
    ///
    /// - Parameters:
    ///   - directory: The spool's directory, created if it does not exist.
    ///   - listener: The name of the listener.
    ///   - nameless: The listener as it is where supervisord does not name its listeners: its
    ///     directories are taken over, too. Nil for no such directories.
    ///   - log: The log for errors.
    public init(
        directory: String, listener: String, nameless: NamelessListener? = nil, log: Log
    ) {
        self.directory = directory
        self.listener = SpoolFolder.fileName(listener)
        self.nameless = nameless
        self.log = log
    }

    /// Why a listener could not use a directory, without creating anything.
    ///
    /// - Parameters:
    ///   - directory: The spool's directory.
    ///   - listener: The name of the listener.
    ///   - allowsAnyOwner: Whether it may belong to any user, as when root checks it for another
    ///     one.
    /// - Returns: The error; nil if it can be used.
    public static func obstacle(
        directory: String, listener: String, allowsAnyOwner: Bool
    ) -> SystemError? {
        do throws(SystemError) {
            try SpoolFolder.check(
                directory, for: SpoolFolder.fileName(listener), allowsAnyOwner: allowsAnyOwner)
            return nil
        } catch {
            return error
        }
    }

    /// Stores content durably, so that it survives a power failure.
    ///
    /// - Parameter content: The content.
    /// - Returns: Its key; nil if it could not be stored.
    public func keep(_ content: SpoolContent) -> Key? {
        attempt { folder throws(SystemError) in
            count += 1
            let key = Key(name: Self.name(count, .now) + content.suffix)
            try folder.write(content.bytes, as: key.name, isNew: true)
            return key
        }
    }

    /// Replaces stored content.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - content: The new content.
    public func replace(_ key: Key, by content: SpoolContent) {
        _ = attempt { folder throws(SystemError) in
            // After a power failure, either the old or the new content is complete.
            try folder.write(content.bytes, as: key.name, isNew: false)
        }
    }

    /// Replaces an alert whose details were not complete, and renames its file, so that the next run
    /// need not read it at the start.
    ///
    /// - Parameters:
    ///   - key: Its key.
    ///   - alert: The complete alert.
    /// - Returns: The key of the complete alert; nil if the file could not be renamed.
    func release(_ key: Key, as alert: SpooledAlert) -> Key? {
        replace(key, by: .alert(alert))
        return attempt { folder throws(SystemError) in
            try folder.rename(key.name, to: key.released.name)
            return key.released
        }
    }

    /// The stored content.
    ///
    /// An unreadable file is moved to `unreadable` and logged.
    ///
    /// - Parameter key: Its key.
    /// - Returns: The content; nil if it cannot be read or no longer exists.
    public func content(_ key: Key) -> SpoolContent? {
        guard let folder, folder.has(key.name) else { return nil }
        if let content = folder.contents(key.name).flatMap(SpoolContent.init) { return content }
        setAside(key.name)
        return nil
    }

    /// Removes stored content.
    ///
    /// - Parameter key: Its key.
    public func remove(_ key: Key) {
        folder?.remove(key.name)
    }

    /// Moves content that could not be delivered in time to `failed`.
    ///
    /// - Parameter key: Its key.
    public func fail(_ key: Key) {
        _ = attempt { folder throws(SystemError) in
            try folder.move(key.name, into: "failed", of: directory)
        }
    }

    /// Takes over the files of earlier runs of this listener.
    ///
    /// - Returns: Their keys, in order of age.
    public func takeOver() -> [Key] {
        let found = attempt { folder throws(SystemError) in
            folder.sweep()
            _ = adoptFolders(into: folder)
            return try folder.names()
        }
        return (found ?? []).map(Key.init)
    }

    /// Takes over the files of runs that have ended since the last call.
    ///
    /// An earlier run may still have been shutting down when this one started, because it outlives
    /// a supervisord that is killed.
    ///
    /// - Returns: Their keys, in order of age.
    public func takeOverMore() -> [Key] {
        laterLooks += 1
        let found = attempt { folder throws(SystemError) in
            adoptFolders(into: folder) + adoptFoldersOfSection(into: folder)
        }
        return (found ?? []).sorted().map(Key.init)
    }

    // MARK: Directories

    /// Opens the directory if necessary, and performs an operation in it.
    private func attempt<Result>(
        _ action: (SpoolFolder) throws(SystemError) -> Result
    ) -> Result? {
        // It may have been deleted.
        if folder?.isInPlace == false { folder = nil }
        do throws(SystemError) {
            if let folder { return try action(folder) }
            let opened = try SpoolFolder.firstFree(in: directory, for: listener)
            folder = opened
            note(sectionIn: opened)
            return try action(opened)
        } catch {
            warn("\(error); alerts are kept in memory only")
            return nil
        }
    }

    /// Moves all files of unlocked directories.
    ///
    /// - Returns: Their names.
    private func adoptFolders(into own: SpoolFolder) -> [String] {
        // Before it was named, the same options may have had a directory without its name.
        let names = Set([listener] + (nameless.map { [$0.directory] } ?? []))
        return adopt(SpoolFolder.abandoned(in: directory) { names.contains($0) }, into: own)
    }

    /// The same for directories of nameless listeners with other options: those of this section.
    ///
    /// Those of other sections may have other recipients.
    private func adoptFoldersOfSection(into own: SpoolFolder) -> [String] {
        guard let nameless else { return [] }
        let folders = SpoolFolder.abandoned(in: directory) {
            $0 != listener && $0.beginsExactly(with: nameless.beginning)
        }
        let isOwn = { (folder: SpoolFolder) in
            self.section.map { folder.section?.isExactly($0) == true } ?? false
        }
        if section != nil, !hasReported, laterLooks >= Self.looksBeforeReport {
            hasReported = true
            report(folders.filter { !isOwn($0) }, to: own)
        }
        return adopt(folders.filter(isOwn), into: own)
    }

    private func report(_ folders: [SpoolFolder], to own: SpoolFolder) {
        for folder in folders where (try? folder.names())?.isEmpty == false {
            log.report(
                .warning,
                "\(folder.path) has alerts of the section \(folder.section ?? "?"), which does not run; "
                    + "to send them by this one, move its files to \(own.path)")
        }
    }

    /// Records the section in a nameless directory, for a run with other options.
    private func note(sectionIn folder: SpoolFolder) {
        guard let section, nameless?.directory == listener else { return }
        do throws(SystemError) {
            try folder.write(section: section)
        } catch {
            warn("\(error)")
        }
    }

    private func adopt(_ folders: [SpoolFolder], into own: SpoolFolder) -> [String] {
        var adopted: [String] = []
        for other in folders {
            do throws(SystemError) {
                for name in try other.names() {
                    adopted.append(try other.move(name, into: own))
                }
                other.delete()
            } catch {
                warn("\(error)")
            }
        }
        return adopted
    }

    private func setAside(_ name: String) {
        log.report(
            .error,
            "cannot read the spool's file \(name), moving it to \(directory)/unreadable")
        _ = attempt { folder throws(SystemError) in
            try folder.move(name, into: "unreadable", of: directory)
        }
    }

    /// Logs an error, once a minute.
    private func warn(_ text: String) {
        if let quietUntil, .now < quietUntil { return }
        quietUntil = .now + .seconds(60)
        log.report(.error, "the spool: \(text)")
    }

    /// A unique name that sorts by age.
    private static func name(_ count: Int, _ time: Timestamp) -> String {
        func padded(_ number: Int, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        return
            "\(padded(time.seconds, 12)).\(padded(time.milliseconds, 3)).\(padded(count, 9)).\(getpid())"
    }
}
