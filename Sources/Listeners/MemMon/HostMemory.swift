internal import System

/// The total memory: that of the host, or the limit of the control groups of this process if
/// that is lower.
///
/// Source: proc(5) for `/proc/meminfo` and `/proc/PID/mountinfo`; cgroups(7); the kernel's
/// `cgroup-v2.rst`, `memory.max`, and `cgroup-v1/memory.rst`, `memory.limit_in_bytes`.
struct HostMemory {
    /// The prefix of all paths, for tests.
    var root = ""

    /// The total memory in bytes; nil if it cannot be determined.
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

    /// The limits of the control group of this process and of its ancestors.
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
        // In a container, the mount may be a subtree of the host's hierarchy.
        let isInside = mount.root != "/" && path.hasPrefix(mount.root)
        var parts = (isInside ? path.dropFirst(mount.root.count) : path[...]).split(separator: "/")
        var limits: [Int?] = []
        while true {
            let folder = parts.map { "/\($0)" }.joined()
            let text = lines("\(mount.folder)\(folder)/\(mount.file)").first
            // "max" means no limit.
            limits.append(text.flatMap { Int($0) })
            guard parts.popLast() != nil else { return limits }
        }
    }

    /// The mount points of control groups.
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
