// Files that a stranger may have replaced by others.

import Foundation
import System
import TestSupport
import Testing

@Suite struct GuardedFileTests {
    private let temporary: TemporaryDirectory
    private let owners: Set<UInt32> = [geteuid()]

    init() throws {
        temporary = try TemporaryDirectory()
        try temporary.write("secret", "top secret")
        try FileManager.default.createDirectory(
            atPath: temporary.path("logs"), withIntermediateDirectories: false)
    }

    /// What is read, or why nothing is.
    private func found(_ name: String) -> String {
        switch GuardedFile.open(temporary.path(name), owners: owners) {
        case .file(let file):
            defer { file.close() }
            guard case .bytes(let bytes) = file.read() else { return "" }
            return String(decoding: bytes, as: UTF8.self)
        case .absent(let isProtected): return "absent \(isProtected)"
        case .special: return "special"
        case .denied(let isProtected): return "denied \(isProtected)"
        case .refused(let reason): return reason
        }
    }

    private func plant(_ target: String, as name: String) throws {
        try #require(symlink(target, temporary.path(name)) == 0)
    }

    private let mayBeAnothers = "is a symbolic link that another user may have made"

    @Test func `a file is opened, by any path to it`() throws {
        try temporary.write("logs/web.log", "text")
        for path in ["logs/web.log", "logs//web.log", "./logs/../logs/./web.log"] {
            #expect(found(path) == "text")
        }
    }

    @Test func `a file with a second name is rejected`() throws {
        try #require(link(temporary.path("secret"), temporary.path("logs/web.log")) == 0)
        #expect(found("logs/web.log") == "it has 2 names, one of which may be another file's")
    }

    @Test func `a link that only its owner can have made is followed`() throws {
        try plant("../secret", as: "logs/web.log")
        try plant(temporary.path("secret"), as: "logs/absolute.log")
        try plant("logs", as: "link")
        #expect(found("logs/web.log") == "top secret")
        #expect(found("logs/absolute.log") == "top secret")
        #expect(found("link/web.log") == "top secret")
    }

    @Test(arguments: [0o777, 0o775, 0o1777])
    func `a link in a directory that others can write to is rejected`(mode: Int) throws {
        try plant("../secret", as: "logs/web.log")
        try plant("..", as: "logs/parent")
        try temporary.write("logs/fine.log", "text")
        try #require(chmod(temporary.path("logs"), mode_t(mode)) == 0)
        #expect(found("logs/web.log") == "'web.log' in its path \(mayBeAnothers)")
        #expect(found("logs/parent/secret") == "'parent' in its path \(mayBeAnothers)")
        #expect(found("logs/fine.log") == "text")
    }

    @Test(.enabled(if: geteuid() == 0), arguments: ["logs", "logs/web.log"])
    func `another user's link, or one in another user's directory, is rejected`(
        name: String
    ) throws {
        try plant("../secret", as: "logs/web.log")
        try #require(lchown(temporary.path(name), 65_534, 65_534) == 0)
        #expect(found("logs/web.log") == "'web.log' in its path \(mayBeAnothers)")
    }

    @Test(.enabled(if: geteuid() == 0))
    func `a file in a program's own directory is opened, but not protected`() throws {
        try temporary.write("logs/web.log", "text")
        try #require(chown(temporary.path("logs"), 65_534, 65_534) == 0)
        #expect(found("logs/web.log") == "text")
        #expect(found("logs/missing.log") == "absent false")
    }

    @Test func `a cycle of links ends`() throws {
        try plant("b", as: "a")
        try plant("a", as: "b")
        #expect(found("a") == "it has too many levels of symbolic links")
    }

    @Test func `it is known whether others can create a missing file`() throws {
        #expect(found("logs/web.log") == "absent true")
        #expect(found("nowhere/web.log") == "absent true")
        try #require(chmod(temporary.path("logs"), 0o777) == 0)
        #expect(found("logs/web.log") == "absent false")
        #expect(found("logs/sub/web.log") == "absent false")
    }

    @Test func `a file that is not regular is not opened`() throws {
        try #require(mkfifo(temporary.path("logs/fifo"), 0o600) == 0)
        #expect(found("logs/fifo") == "special")
        #expect(found("logs") == "special")
        #expect(found("secret/below") == "special")
    }
}
