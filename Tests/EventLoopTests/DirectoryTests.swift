// Files that are made where others may have put something.

import Foundation
import System
import TestSupport
import Testing

@Suite struct DirectoryTests {
    private let temporary: TemporaryDirectory
    private let directory: Directory

    init() throws {
        temporary = try TemporaryDirectory()
        directory = try Directory(temporary.path)
    }

    private func mode(_ name: String) -> Int {
        var status = stat()
        return lstat(temporary.path(name), &status) == 0 ? Int(status.st_mode) : 0
    }

    @Test func `a file is written atomically, and no other file is left`() throws {
        for text in ["one", "two"] {
            try directory.write(Array(text.utf8), as: "file", by: ".file", isLasting: true)
            #expect(temporary.read("file") == text)
            #expect(temporary.names() == ["file"])
        }
        #expect(mode("file") & 0o777 == 0o600)
    }

    /// Puts something that another user may have made where a file is to be.
    private func plant(_ kind: String, at name: String) throws {
        let (victim, planted) = (temporary.path("victim"), temporary.path(name))
        let result =
            switch kind {
            case "link": symlink(victim, planted)
            case "dangling link": symlink(temporary.path("new"), planted)
            case "FIFO": mkfifo(planted, 0o666)
            case "hard link": link(victim, planted)
            case "file": Int32(creat(planted, 0o600) < 0 ? -1 : 0)
            default: Int32(0)
            }
        try #require(result == 0)
    }

    @Test(arguments: ["link", "dangling link", "FIFO", "file", "hard link"])
    func `an existing file in the way is removed, not followed`(kind: String) throws {
        try temporary.write("victim", "untouched")
        try plant(kind, at: ".file")
        try directory.write(Array("text".utf8), as: "file", by: ".file", isLasting: false)
        #expect(temporary.read("victim") == "untouched")
        #expect(temporary.read("file") == "text")
        #expect(temporary.names().sorted() == ["file", "victim"])
        #expect(mode("file") & Int(S_IFMT) == Int(S_IFREG))
    }

    @Test func `the directory of a path ends at the last slash`() {
        let paths = ["/a/b", "/a", "a", "a/b/", "/", "", "/a/\u{301}b"]
        #expect(paths.map(\.parentDirectory) == ["/a", "/", ".", "a/b", "/", ".", "/a"])
        #expect(paths.map(\.lastPathName) == ["b", "a", "a", "", "", "", "\u{301}b"])
    }

    @Test(
        .enabled(if: geteuid() == 0),
        arguments: [(0, 0o1777, true), (1_000, 0o1777, false), (0, 0o777, false)])
    func `a link in a path is followed only if nobody else can have created it`(
        owner: Int, mode: Int, isFollowed: Bool
    ) throws {
        let (target, shared) = (temporary.path("target"), temporary.path("shared"))
        for path in [target, shared] { try #require(mkdir(path, 0o700) == 0) }
        try #require(symlink(target, "\(shared)/link") == 0)
        try #require(lchown("\(shared)/link", uid_t(owner), 0) == 0)
        try #require(chmod(shared, mode_t(mode)) == 0)
        for path in ["\(shared)/link", "\(shared)/link/", "\(shared)/link/../target"] {
            if isFollowed {
                #expect(throws: Never.self) { try Directory(path) }
            } else {
                #expect(
                    throws: SystemError(
                        "cannot use \(path): 'link' in its path is a symbolic link that another "
                            + "user may have made", code: 0)
                ) { try Directory(path) }
            }
        }
    }

    @Test func `only directories are opened as directories`() throws {
        try temporary.write("file", "")
        #expect(mkfifo(temporary.path("fifo"), 0o600) == 0)
        for (name, code) in [
            ("file", ENOTDIR), ("fifo", ENOTDIR), ("gone", ENOENT), ("gone/x", ENOENT),
        ] {
            let path = temporary.path(name)
            #expect(throws: SystemError("cannot open \(path)", code: code)) { try Directory(path) }
        }
    }

    @Test(arguments: ["link", "dangling link", "FIFO", "hard link", "file", "none"])
    func `a program is not handed a name that leads elsewhere`(kind: String) throws {
        try temporary.write("victim", "untouched")
        try plant(kind, at: "core.7")
        if ["file", "none"].contains(kind) {
            try directory.requireOwnOrNone("core.7")
        } else {
            #expect(throws: SystemError.self) { try directory.requireOwnOrNone("core.7") }
        }
    }

    @Test func `a link under the file's own name is replaced, not followed`() throws {
        try temporary.write("victim", "untouched")
        try #require(symlink(temporary.path("victim"), temporary.path("file")) == 0)
        try directory.write(Array("text".utf8), as: "file", by: ".file", isLasting: false)
        #expect(temporary.read("victim") == "untouched" && temporary.read("file") == "text")
    }

    @Test(arguments: [
        (0o700, true, true), (0o755, true, true), (0o775, false, false), (0o777, false, false),
        (0o702, false, false), (0o1777, true, false), (0o1775, true, false),
    ])
    func `a directory that others can write to is rejected`(
        mode: Int, isTaken: Bool, isTakenStrictly: Bool
    ) throws {
        try #require(chmod(temporary.path, mode_t(mode)) == 0)
        for (allowsSticky, isTaken) in [(true, isTaken), (false, isTakenStrictly)] {
            do {
                try directory.requireOwn(allowsSticky: allowsSticky)
                #expect(isTaken)
            } catch {
                #expect(!isTaken)
                let line =
                    "cannot use \(temporary.path), which other users may write to; "
                    + "run chmod go-w \(temporary.path)"
                #expect("\(error)" == line)
            }
        }
    }

    @Test(.enabled(if: geteuid() == 0)) func `another user's directory is rejected`() throws {
        try #require(chown(temporary.path, 65_534, 65_534) == 0)
        let error = #expect(throws: SystemError.self) {
            try directory.requireOwn(allowsSticky: true)
        }
        #expect(error?.description.contains("run chown 0 \(temporary.path)") == true)
    }

    @Test func `a lock has its own file`() throws {
        let lock = try directory.openOwn(".lock")
        lock.close()
        try directory.openOwn(".lock").close()
        try temporary.write("victim", "")
        try #require(unlink(temporary.path(".lock")) == 0)
        try #require(symlink(temporary.path("victim"), temporary.path(".lock")) == 0)
        #expect(throws: SystemError.self) { try directory.openOwn(".lock") }
        try #require(unlink(temporary.path(".lock")) == 0)
        try #require(mkfifo(temporary.path(".lock"), 0o600) == 0)
        #expect(throws: SystemError.self) { try directory.openOwn(".lock") }
    }

    @Test func `a link to a directory is opened only if allowed`() throws {
        try #require(symlink(temporary.path, temporary.path("self")) == 0)
        #expect(throws: Never.self) { try Directory(temporary.path("self")) }
        #expect(throws: SystemError.self) {
            try Directory("self", in: directory)
        }
    }
}
