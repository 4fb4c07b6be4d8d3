// How much memory there is.

internal import System

/// How much memory there is: that of the host, or what the control groups around this process
/// allow if that is less.
///
/// Source: proc(5) for `/proc/meminfo` and `/proc/PID/mountinfo`; cgroups(7); the kernel's
/// `cgroup-v2.rst`, `memory.max`, and `cgroup-v1/memory.rst`, `memory.limit_in_bytes`.
struct HostMemory {
    /// Before all paths; empty but for tests.
    var root = ""

    /// All there is, in bytes; nothing if it cannot be found out.
    var total: Int? {
        ([installed] + groupLimits).compactMap { $0 }.min()
    }

    /// The memory of the host.
    private var installed: Int? {
        for line in lines("/proc/meminfo") where line.hasPrefix("MemTotal:") {
            let words = line.split(separator: " ")
            return words.count > 1 ? Int(words[1])?.multipliedSaturated(by: 1_024) : nil
        }
        return nil
    }

    /// The limits of all control groups from this process's own upwards.
    private var groupLimits: [Int?] {
        let groups = lines("/proc/self/cgroup").map {
            $0.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
        }.filter { $0.count == 3 }
        return mounts.flatMap { mount in
            groups.filter { group in
                mount.isUnified
                    ? group[0] == "0" && group[1].isEmpty
                    : group[1].split(separator: ",").contains("memory")
            }.flatMap { limits(below: mount, path: String($0[2])) }
        }
    }

    private func limits(below mount: Mount, path: String) -> [Int?] {
        // In a container the mount may begin below the host's own root.
        let isInside = mount.root != "/" && path.hasPrefix(mount.root)
        var parts = (isInside ? path.dropFirst(mount.root.count) : path[...]).split(separator: "/")
        var limits: [Int?] = []
        while true {
            let folder = parts.map { "/\($0)" }.joined()
            let text = lines("\(mount.folder)\(folder)/\(mount.file)").first
            // "max" is no number.
            limits.append(text.flatMap { Int($0) })
            guard parts.popLast() != nil else { return limits }
        }
    }

    /// Where control groups are to be seen.
    private struct Mount {
        let root: String
        let folder: String
        let isUnified: Bool

        var file: String { isUnified ? "memory.max" : "memory.limit_in_bytes" }
    }

    private var mounts: [Mount] {
        lines("/proc/self/mountinfo").compactMap { line in
            let words = line.split(separator: " ")
            guard words.count > 6, let dash = words.dropFirst(6).firstIndex(of: "-"),
                dash + 3 < words.count
            else { return nil }
            let isUnified = words[dash + 1] == "cgroup2"
            let hasMemory = words[dash + 3].split(separator: ",").contains("memory")
            guard isUnified || words[dash + 1] == "cgroup" && hasMemory else { return nil }
            return Mount(root: String(words[3]), folder: String(words[4]), isUnified: isUnified)
        }
    }

    private func lines(_ path: String) -> [Substring] {
        let text = (try? Descriptor.contents(of: root + path)) ?? []
        return text.split(separator: UInt8(ascii: "\n")).map {
            Substring(String(decoding: $0, as: UTF8.self))
        }
    }
}
