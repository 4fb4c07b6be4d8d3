import EventLoop
import Foundation
import System
import TestSupport
import Testing

@testable import Alerting

/// The spool as listeners use it, on true file systems.
@Suite struct SpoolTests {
    private let directory: TemporaryDirectory
    private let log: Log

    init() throws {
        directory = try TemporaryDirectory()
        let file = open(directory.path("log"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        log = Log(tool: "crashmail", descriptor: Descriptor(rawValue: file))
    }

    private func spool(_ name: String = "crashmail", at path: String? = nil) -> Spool {
        Spool(directory: path ?? directory.path("spool"), listener: name, log: log)
    }

    private var warnings: [Substring] { directory.read("log").split(separator: "\n") }

    private func files(_ folder: String) -> [String] {
        let path = directory.path("spool/\(folder)")
        return ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
    }

    private func content(_ number: Int) -> SpoolContent {
        .alert(
            SpooledAlert(
                Alert(subject: "alert \(number)", body: "body", time: Timestamp(seconds: number)),
                remaining: ["mail": ["ops@example.org"]]))
    }

    private func subjects(_ spool: Spool, _ keys: [Spool.Key]) -> [String] {
        keys.compactMap { key in
            guard case .alert(let spooled) = spool.content(key) else { return nil }
            return spooled.alert.subject
        }
    }

    /// The subjects of all that a spool takes over.
    private func subjects(_ spool: Spool) -> [String] { subjects(spool, spool.takeOver()) }

    /// A child has copies of all descriptors until it runs its own program.
    @Test func `A child that is just being started does not keep the spool locked`() throws {
        var first: Spool? = spool()
        _ = first?.keep(content(1))
        let lock = try #require(
            try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").first { number in
                let path = try? FileManager.default.destinationOfSymbolicLink(
                    atPath: "/proc/self/fd/\(number)")
                return path == directory.path("spool/crashmail.0/.lock")
            }.flatMap { Int32($0) })
        let copy = dup(lock)
        defer { close(copy) }
        first = nil
        let second = spool()
        #expect(subjects(second) == ["alert 1"])
        #expect(files("") == ["crashmail.0"])
    }

    @Test func `The next listener of the same name gets the stored alerts in order of age`() throws
    {
        var first: Spool? = spool()
        let keys = (1...20).compactMap { first?.keep(content($0)) }
        #expect(keys.count == 20)
        first?.remove(keys[4])
        first?.replace(keys[6], by: content(700))
        first = nil
        let expected = (1...20).filter { $0 != 5 }.map { "alert \($0 == 7 ? 700 : $0)" }
        #expect(subjects(spool()) == expected)
        #expect(warnings.isEmpty)
    }

    @Test(arguments: ["spool", "spool/crashmail.0"])
    func `A directory that others can write to is not used, and the log names a command`(
        name: String
    ) throws {
        try FileManager.default.createDirectory(
            atPath: directory.path(name), withIntermediateDirectories: true)
        #expect(chmod(directory.path(name), 0o777) == 0)
        let spool = spool()
        #expect(spool.keep(content(1)) == nil)
        let path = directory.path(name)
        #expect(
            warnings == [
                "crashmail: error: the spool: cannot use \(path), which other users may write to; "
                    + "run chmod go-w \(path); "
                    + "alerts are kept in memory only"
            ])
        #expect(chmod(directory.path(name), 0o755) == 0)
        #expect(spool.keep(content(1)) != nil)
    }

    @Test func `A link in place of a listener's directory is not followed`() throws {
        for name in ["spool", "other"] {
            try FileManager.default.createDirectory(
                atPath: directory.path(name), withIntermediateDirectories: true)
        }
        #expect(symlink(directory.path("other"), directory.path("spool/crashmail.0")) == 0)
        #expect(spool().keep(content(1)) == nil)
        #expect(warnings.count == 1)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: directory.path("other")).isEmpty)
    }

    @Test(arguments: ["link", "file", "FIFO"])
    func `In a shared spool, a directory of another user is skipped`(
        _ kind: String
    ) throws {
        try FileManager.default.createDirectory(
            atPath: directory.path("spool"), withIntermediateDirectories: true)
        let planted = directory.path("spool/crashmail.0")
        switch kind {
        case "link": #expect(symlink(directory.path, planted) == 0)
        case "FIFO": #expect(mkfifo(planted, 0o666) == 0)
        default: try directory.write("spool/crashmail.0", "")
        }
        #expect(chmod(directory.path("spool"), 0o1777) == 0)
        #expect(spool().keep(content(1)) != nil)
        #expect(warnings.isEmpty)
        #expect(files("crashmail.1").contains { !$0.hasPrefix(".") })
    }

    @Test(.enabled(if: geteuid() == 0, "only root may change the owner of a directory"))
    func `In a shared spool, a directory that another user has created is skipped`() throws {
        try FileManager.default.createDirectory(
            atPath: directory.path("spool/crashmail.0"), withIntermediateDirectories: true)
        #expect(chown(directory.path("spool/crashmail.0"), 65_534, 65_534) == 0)
        #expect(spool().keep(content(1)) == nil)
        #expect(warnings.count == 1)
        #expect(chmod(directory.path("spool"), 0o1777) == 0)
        #expect(spool().keep(content(1)) != nil)
        #expect(warnings.count == 1)
        #expect(files("crashmail.1").contains { !$0.hasPrefix(".") })
    }

    /// A listener that supervisord has not named, with the checksum of its options.
    private func nameless(
        _ checksum: UInt64, section: String?, named name: String? = nil
    ) -> Spool {
        let listener = NamelessListener(tool: "crashmail", checksum: checksum)
        let spool = Spool(
            directory: directory.path("spool"), listener: name ?? listener.directory,
            nameless: listener, log: log)
        spool.section = section
        return spool
    }

    @Test(arguments: [nil, "crashmail.g:shop"])
    func `Where listeners have no names, a section takes over what it left with other options`(
        name: String?
    ) throws {
        var earlier: Spool? = nameless(0x1a, section: "shop")
        _ = earlier?.keep(content(1))
        earlier = nil
        _ = spool("crashmail.g:named").keep(content(2))
        _ = spool("crashmailbatch~1a").keep(content(3))
        let changed = nameless(0x2b, section: nil, named: name)
        #expect(subjects(changed).isEmpty)
        for _ in 0..<5 { #expect(changed.takeOverMore().isEmpty) }
        #expect(warnings.isEmpty)
        // Its first event names it.
        changed.section = "shop"
        #expect(subjects(changed, changed.takeOverMore()) == ["alert 1"])
        #expect(files("crashmail~1a.0").isEmpty)
    }

    @Test(arguments: ["db", nil])
    func `Where listeners have no names, one does not take over what another section has left`(
        section: String?
    ) throws {
        var other: Spool? = nameless(0x1a, section: section)
        _ = other?.keep(content(1))
        other = nil
        let changed = nameless(0x2b, section: "shop")
        #expect(subjects(changed).isEmpty)
        for _ in 0..<5 { #expect(changed.takeOverMore().isEmpty) }
        #expect(
            directory.read("log").components(
                separatedBy: "crashmail~1a.0 has alerts of the section \(section ?? "?"), which"
            ).count == 2)
        // It may run again.
        #expect(subjects(nameless(0x1a, section: section)) == ["alert 1"])
    }

    @Test func `A listener that is given a name takes over what it left without one`() throws {
        var earlier: Spool? = nameless(0x1a, section: nil)
        _ = earlier?.keep(content(1))
        earlier = nil
        #expect(
            subjects(nameless(0x1a, section: nil, named: "crashmail.g:shop")) == ["alert 1"])
    }

    @Test func `A second listener of the same name uses its own directory`() throws {
        let first = spool()
        let second = spool()
        #expect(first.takeOver().isEmpty)
        #expect(second.takeOver().isEmpty)
        _ = first.keep(content(1))
        _ = second.keep(content(2))
        #expect(files("crashmail.0").filter { !$0.hasPrefix(".") }.count == 1)
        #expect(files("crashmail.1").filter { !$0.hasPrefix(".") }.count == 1)
        // A third one must not take what the living hold.
        #expect(spool().takeOver().isEmpty)
    }

    /// Listeners in containers often have one pid, and clocks jump.
    @Test func `A file does not replace another one of the same name`() throws {
        for number in 0...2 {
            let folder = directory.path("spool/crashmail.\(number)")
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true)
            let text = String(decoding: content(number).bytes, as: UTF8.self)
            try directory.write("spool/crashmail.\(number)/same", text)
        }
        try eventually("all three to be taken over") {
            Set(subjects(spool())) == ["alert 0", "alert 1", "alert 2"]
        }
    }

    @Test(arguments: ["crashmail", "网站:网站", "a/b", ".hidden", "x.1"])
    func `The directories of listeners that have ended are taken over`(_ name: String) throws {
        var dead: [Spool] = (1...3).map { number in
            let spool = spool(name)
            _ = spool.takeOver()
            _ = spool.keep(content(number))
            return spool
        }
        let other = spool("other")
        _ = other.keep(content(9))
        dead.removeAll()
        let heir = spool(name)
        try eventually("all three to be taken over") {
            subjects(heir) == ["alert 1", "alert 2", "alert 3"]
        }
        let folders = files("").filter { !$0.hasPrefix("other") }
        #expect(folders.count == 1, "\(folders)")
        #expect(warnings.isEmpty)
    }

    @Test func `An unreadable file is moved and logged, and others are not affected`()
        throws
    {
        var first: Spool? = spool()
        let torn = first?.keep(content(1))
        _ = first?.keep(content(2))
        first = nil
        let name = try #require(torn?.name)
        try directory.write("spool/crashmail.0/\(name)", "superlance-spool\t1\ntime\t1")
        try directory.write("spool/crashmail.0/notes", "what an administrator put here")
        try FileManager.default.createDirectory(
            atPath: directory.path("spool/crashmail.0/folder"), withIntermediateDirectories: true)
        #expect(mkfifo(directory.path("spool/crashmail.0/fifo"), 0o600) == 0)
        #expect(subjects(spool()) == ["alert 2"])
        #expect(Set(files("unreadable")) == [name, "notes", "folder", "fifo"])
        #expect(warnings.count == 4)
        #expect(
            warnings.contains(
                """
                crashmail: error: cannot read the spool's file \(name), moving it to \
                \(directory.path("spool"))/unreadable
                """))
    }

    @Test func `Incomplete files of a killed writer are removed`() throws {
        var first: Spool? = spool()
        _ = first?.keep(content(1))
        first = nil
        try directory.write("spool/crashmail.0/.000001.000.000000001.7", "superlance-spool\t1\nti")
        let next = spool()
        #expect(subjects(next) == ["alert 1"])
        #expect(files("crashmail.0").filter { $0.hasPrefix(".") } == [".lock"])
        #expect(files("unreadable").isEmpty)
    }

    @Test func `A full disk causes one warning, and existing files can be read and removed`()
        throws
    {
        guard geteuid() == 0 else { return }
        let mount = directory.path("tmpfs")
        try FileManager.default.createDirectory(atPath: mount, withIntermediateDirectories: true)
        do {
            try ChildProcess.run(["/bin/mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", mount])
        } catch {
            return  // a container may forbid it even to root
        }
        defer { _ = try? ChildProcess.run(["/bin/umount", "-l", mount]) }
        let full = spool(at: mount)
        var keys: [Spool.Key] = []
        for number in 1...100 { if let key = full.keep(content(number)) { keys.append(key) } }
        #expect(!keys.isEmpty && keys.count < 100)
        #expect(warnings.count == 1)
        #expect(
            warnings.first == """
                crashmail: error: the spool: cannot write to \(mount)/crashmail.0: No space left on device; \
                alerts are kept in memory only
                """)
        full.remove(keys.removeFirst())
        let key = try #require(full.keep(content(200)))
        full.remove(key)
        let other = spool(at: mount)
        #expect(other.takeOver().isEmpty)
    }

    @Test func `A spool that cannot be created is logged once and retried`() throws {
        let path = directory.path("missing/spool")
        let spool = spool(at: path)
        #expect(spool.takeOver().isEmpty)
        for number in 1...5 { #expect(spool.keep(content(number)) == nil) }
        #expect(
            warnings == [
                """
                crashmail: error: the spool: cannot create \(path): No such file or directory; \
                alerts are kept in memory only
                """
            ])
        try FileManager.default.createDirectory(
            atPath: directory.path("missing"), withIntermediateDirectories: true)
        #expect(spool.keep(content(6)) != nil)
    }

    @Test func `A file in place of the directory is rejected`() throws {
        try directory.write("spool", "no directory")
        #expect(spool().keep(content(1)) == nil)
        #expect(warnings.count == 1)
    }

    @Test func `A deleted spool is created again`() throws {
        let spool = spool()
        #expect(spool.keep(content(1)) != nil)
        try FileManager.default.removeItem(atPath: directory.path("spool"))
        let key = try #require(spool.keep(content(2)))
        #expect(files("crashmail.0").contains(key.name))
        spool.remove(key)
        #expect(!files("crashmail.0").contains(key.name))
    }

    @Test func `A dropped alert is moved to failed`() throws {
        let spool = spool()
        let key = try #require(spool.keep(content(1)))
        spool.fail(key)
        #expect(files("failed") == [key.name])
        #expect(spool.takeOver().isEmpty)
    }

    private func adopted(_ age: SpoolAge?, time: Timestamp) throws -> PendingAlert {
        let spool = spool()
        let remaining = ["mail": ["ops@example.org"]]
        let spooled = SpooledAlert(
            Alert(subject: "s", body: "b", time: time), remaining: remaining, age: age)
        let key = try #require(spool.keep(.alert(spooled)))
        return PendingAlert(spooled, remaining: remaining, spool: spool, key: key, at: now)
    }

    private let now = Instant(sinceBoot: .seconds(2_000_000))

    @Test(arguments: [
        (1_395_199, 0, true), (1_395_300, 0, false), (1_999_000, 603_900, true),
        (1_999_000, 603_700, false), (2_000_100, 604_700, false), (0, 0, true),
    ])
    func `An alert expires after seven measured days`(
        begin: Int, before: Int, isExpired: Bool
    ) throws {
        let age = SpoolAge(boot: BootIdentity.current, begin: begin, before: before)
        let pending = try adopted(age, time: .now)
        #expect(pending.expire(at: now) == isExpired)
        #expect(files("failed").count == (isExpired ? 1 : 0))
    }

    @Test(arguments: [0, 86_400, 1_600_000_000, 9_000_000_000])
    func `An alert does not expire by its date`(
        seconds: Int
    ) throws {
        let age = SpoolAge(boot: BootIdentity.current, begin: 1_999_000, before: 0)
        for age in [age, nil] {
            #expect(!(try adopted(age, time: Timestamp(seconds: seconds)).expire(at: now)))
        }
        #expect(files("failed").isEmpty)
    }

    @Test func `The age continues after a reboot, although the clock restarts`() throws {
        let other = SpoolAge(boot: "another boot", begin: 5_000_000, before: 604_000)
        let pending = try adopted(other, time: .now)
        #expect(!pending.expire(at: now + .seconds(700)))
        // From now on the file counts from this boot.
        let name = try #require(files("crashmail.0").first { !$0.hasPrefix(".") })
        guard case .alert(let spooled) = SpoolContent(directory.bytes("spool/crashmail.0/\(name)"))
        else {
            Issue.record("unreadable")
            return
        }
        #expect(
            spooled.age
                == SpoolAge(boot: BootIdentity.current, begin: 2_000_000, before: 604_000))
        #expect(pending.expire(at: now + .seconds(900)))
    }

    @Test func `Files of a listener that ends later are taken over`() throws {
        var orphan: Spool? = spool()
        _ = orphan?.keep(content(1))
        let heir = spool()
        #expect(heir.takeOver().isEmpty)
        _ = heir.keep(content(2))
        #expect(heir.takeOverMore().isEmpty)
        orphan = nil
        try eventually("the alert of the one that has ended") {
            subjects(heir, heir.takeOverMore()) == ["alert 1"]
        }
        #expect(heir.takeOverMore().isEmpty)
        #expect(Set(subjects(heir)) == ["alert 1", "alert 2"])
        #expect(warnings.isEmpty)
    }

    @Test func `Recipients are removed after delivery, and the file after the last one`() throws {
        var spool: Spool? = spool()
        let alert = Alert(subject: "s", body: "b", time: .now)
        let debt = PendingAlert(
            alert, remaining: ["mail": ["a@example.org", "b@example.org"], "text": ["1"]],
            spool: spool)
        debt.finish(["a@example.org"], of: "mail")
        debt.finish(["1"], of: "text")
        debt.complete(with: alert.with("more", of: []))
        _ = debt
        spool = nil
        let file = try #require(files("crashmail.0").first { !$0.hasPrefix(".") })
        let bytes = directory.bytes("spool/crashmail.0/\(file)")
        guard case .alert(let spooled) = SpoolContent(bytes) else {
            Issue.record("unreadable")
            return
        }
        let kept = spooled.alert
        #expect(spooled.remaining == ["mail": ["b@example.org"]])
        #expect(spooled.finished == ["mail": ["a@example.org"], "text": ["1"]])
        #expect(kept.body == "more")
        #expect(kept.identity == alert.identity)
        debt.finish(["b@example.org"], of: "mail")
        #expect(files("crashmail.0").filter { !$0.hasPrefix(".") }.isEmpty)
    }

    @Test func `A held alert is told from others, and keeps its place when it is complete`() throws
    {
        let spool = spool()
        let alert = Alert(subject: "s", body: "b", time: .now)
        let remaining = ["mail": ["a@example.org"]]
        let held = PendingAlert(alert, remaining: remaining, spool: spool, isHeld: true)
        let later = PendingAlert(alert, remaining: remaining, spool: spool)
        let key = try #require(held.key)
        #expect(!key.canWait)
        guard case .held(let spooled)? = spool.content(key) else {
            Issue.record("not held")
            return
        }
        #expect(spooled.alert == alert)
        held.complete(with: alert.with("more", of: []))
        let released = try #require(held.key)
        #expect(released.canWait)
        #expect(spool.content(key) == nil)
        guard case .alert(let complete)? = spool.content(released) else {
            Issue.record("held")
            return
        }
        #expect(complete.alert.body == "more")
        #expect(complete.remaining == remaining)
        #expect(try released.name < #require(later.key).name)
    }
}
