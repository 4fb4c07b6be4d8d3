import Foundation
import System
import TestSupport
import Testing

@testable import Listeners

/// What is read of the OOM killer, and said of it.
@Suite struct OOMKillerTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func count(_ membership: String, _ files: [String: String]) throws -> Int? {
        for (name, text) in files {
            let folder = name.split(separator: "/").dropLast().joined(separator: "/")
            try FileManager.default.createDirectory(
                atPath: directory.path("fs/\(folder)"), withIntermediateDirectories: true)
            try directory.write("fs/\(name)", text)
        }
        let file = try directory.write("cgroup", membership)
        return OOMKiller.count(membership: file, mount: directory.path("fs")).number
    }

    private static let events = "low 0\nhigh 0\nmax 12\noom 3\noom_kill 2\noom_group_kill 0\n"
    private static let control = "oom_kill_disable 0\nunder_oom 0\noom_kill 5\n"

    @Test func `of cgroup v2 it is in memory.events`() throws {
        #expect(try count("0::/a/b\n", ["a/b/memory.events": Self.events]) == 2)
    }

    @Test func `in a container the path may be the host's`() throws {
        #expect(try count("0::/docker/1\n", ["memory.events": Self.events]) == 2)
    }

    @Test func `of cgroup v1 it is in memory.oom_control`() throws {
        let membership = "5:cpu,cpuacct:/x\n4:memory:/a\n0::/b\n"
        #expect(try count(membership, ["memory/a/memory.oom_control": Self.control]) == 5)
    }

    @Test func `where v1 and v2 are mounted side by side it is that of v1`() throws {
        let files = [
            "memory/memory.oom_control": Self.control, "unified/b/cgroup.events": "populated 1\n",
        ]
        #expect(try count("1:memory:/a\n0::/b\n", files) == 5)
    }

    @Test(arguments: ["", "0::/\n", "garbage\n", "4:memory\n"])
    func `without a file there is no count`(_ membership: String) throws {
        #expect(try count(membership, ["x/y": ""]) == nil)
    }

    @Test func `an old kernel does not count`() throws {
        let files = ["memory/memory.oom_control": "oom_kill_disable 0\nunder_oom 0\n"]
        #expect(try count("4:memory:/a\n", files) == nil)
    }

    // MARK: What is said

    private func read(_ number: Int?, at seconds: Int) -> OOMKiller.Count {
        OOMKiller.Count(time: Timestamp(seconds: seconds), number: number)
    }

    @Test func `a count that increased, one that did not, and an unknown one`() {
        let since = Timestamp(seconds: 100).formatted("%H:%M:%S")
        let before = read(3, at: 100)
        #expect(
            OOMKiller.words(before: before, after: read(3, at: 200))
                == "has killed nothing in supervisord's cgroup since \(since)")
        #expect(
            OOMKiller.words(before: before, after: read(4, at: 200))
                == "has killed 1 process in supervisord's cgroup since \(since)")
        #expect(
            OOMKiller.words(before: before, after: read(6, at: 200))
                == "has killed 3 processes in supervisord's cgroup since \(since)")
        #expect(
            OOMKiller.words(before: read(nil, at: 100), after: read(nil, at: 200))
                == "unknown: supervisord's cgroup does not count it")
        #expect(
            OOMKiller.words(before: nil, after: read(4, at: 200))
                == "unknown: its count was not read before")
    }

    @Test func `a death is compared with the count before it`() {
        var history = OOMHistory()
        #expect(history.last(before: Timestamp(seconds: 100)) == nil)
        for seconds in [100, 105, 109, 110] { history.add(read(seconds, at: seconds)) }
        #expect(history.last(before: Timestamp(seconds: 99)) == nil)
        #expect(history.last(before: Timestamp(seconds: 101))?.number == 100)
        #expect(history.last(before: Timestamp(seconds: 110))?.number == 105)
        #expect(history.last(before: Timestamp(seconds: 111))?.number == 109)
    }

    @Test func `of old counts one of each minute is kept, as a summary may be made much later`() {
        var history = OOMHistory()
        for seconds in [60, 65, 200, 300] { history.add(read(seconds, at: seconds)) }
        #expect(history.last(before: Timestamp(seconds: 67))?.number == 60)
        #expect(history.last(before: Timestamp(seconds: 201))?.number == 60)
        #expect(history.last(before: Timestamp(seconds: 250))?.number == 200)
        for seconds in 301...10_000 { history.add(read(seconds, at: seconds)) }
        #expect(history.last(before: Timestamp(seconds: 250)) == nil)
        #expect(history.last(before: Timestamp(seconds: 10_000))?.number == 9_998)
    }
}
