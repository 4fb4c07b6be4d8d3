import Foundation
import TestSupport
import Testing

@testable import Listeners

/// On directories laid out like a host's, and on the real one.
struct HostMemoryTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        try write("proc/meminfo", "MemTotal:       1000 kB\nMemFree:         5 kB\n")
    }

    private func write(_ path: String, _ text: String) throws {
        let folder = (directory.path(path) as NSString).deletingLastPathComponent
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        try directory.write(path, text)
    }

    private var total: Int? { HostMemory(root: directory.path).total }

    private func mount(_ root: String, _ folder: String, _ type: String, _ options: String)
        -> String
    {
        "31 24 0:27 \(root) \(folder) rw,nosuid shared:9 - \(type) \(type) \(options)\n"
    }

    @Test func `Without control groups it is the host's`() {
        #expect(total == 1_024_000)
    }

    @Test func `Nothing is known where nothing can be read`() throws {
        #expect(HostMemory(root: "/nonexistent").total == nil)
        try write("proc/meminfo", "MemTotal: many kB\n")
        #expect(total == nil)
    }

    @Test(arguments: [
        (["a/b": "max", "a": "max"], 1_024_000), (["a/b": "500", "a": "max"], 500),
        (["a/b": "500", "a": "400"], 400), (["a/b": "max", "a": "400"], 400),
        (["a/b": "9000000", "a": "max"], 1_024_000), ([:], 1_024_000), (["": "300"], 300),
    ])
    func `The lowest limit of the ancestors applies, in version 2`(
        _ limits: [String: String], _ expected: Int
    ) throws {
        try write("proc/self/cgroup", "0::/a/b\n")
        try write(
            "proc/self/mountinfo",
            mount("/", "/", "ext4", "rw") + mount("/", "/sys/fs/cgroup", "cgroup2", "rw"))
        for (group, limit) in limits {
            try write("sys/fs/cgroup/\(group)/memory.max", "\(limit)\n")
        }
        #expect(total == expected)
    }

    @Test func `In a container of version 1 the mount begins at its own group`() throws {
        try write("proc/self/cgroup", "5:memory:/docker/1234\n3:cpu,cpuacct:/docker/1234\n")
        try write(
            "proc/self/mountinfo",
            mount("/docker/1234", "/sys/fs/cgroup/cpu", "cgroup", "rw,cpu,cpuacct")
                + mount("/docker/1234", "/sys/fs/cgroup/memory", "cgroup", "rw,memory"))
        try write("sys/fs/cgroup/memory/memory.limit_in_bytes", "700\n")
        #expect(total == 700)
        try write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n")
        #expect(total == 1_024_000)
    }

    @Test func `The other version's limits do not matter`() throws {
        try write("proc/self/cgroup", "5:memory:/a\n0::/b\n")
        try write("proc/self/mountinfo", mount("/", "/sys/fs/cgroup/unified", "cgroup2", "rw"))
        try write("sys/fs/cgroup/unified/a/memory.max", "1\n")
        try write("sys/fs/cgroup/unified/b/memory.max", "800\n")
        #expect(total == 800)
    }

    @Test func `This host has some memory`() throws {
        let pages = Int(sysconf(Int32(_SC_PHYS_PAGES))) * Int(sysconf(Int32(_SC_PAGESIZE)))
        let total = try #require(HostMemory().total)
        #expect((1 << 20...pages).contains(total))
    }
}
