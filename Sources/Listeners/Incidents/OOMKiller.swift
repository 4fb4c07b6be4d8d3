internal import System
internal import Text

/// The number of processes that the kernel's OOM killer has killed in supervisord's cgroup.
///
/// A listener belongs to that cgroup, as do all programs that do not leave it.
enum OOMKiller {
    /// A count and when it was read.
    struct Count: Equatable {
        let time: Timestamp
        /// The count; nil if the kernel has none, or it is not visible.
        let number: Int?
    }

    /// Reads the count.
    ///
    /// cgroup v2: `oom_kill` in `memory.events` (Linux, Documentation/admin-guide/cgroup-v2.rst);
    /// v1: the same in `memory.oom_control` (Documentation/admin-guide/cgroup-v1/memory.rst).
    ///
    /// - Parameters:
    ///   - membership: The file that names the cgroups of this process (`cgroups(7)`).
    ///   - mount: Where cgroups are mounted.
    /// - Returns: The count.
    static func count(
        membership: String = "/proc/self/cgroup", mount: String = "/sys/fs/cgroup"
    ) -> Count {
        let time = Timestamp.now
        let lines = contents(of: membership).split(separator: "\n")
        for line in lines {
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { continue }
            let isMemory = fields[1].split(separator: ",").contains("memory")
            guard isMemory || fields[0] == "0" else { continue }
            let file = isMemory ? "memory.oom_control" : "memory.events"
            // In a container, the path may be the host's, and the mount may begin below it.
            for folder in folders(mount, isMemory: isMemory, path: fields[2]) {
                if let number = number(in: contents(of: "\(folder)/\(file)")) {
                    return Count(time: time, number: number)
                }
            }
        }
        return Count(time: time, number: nil)
    }

    private static func folders(_ mount: String, isMemory: Bool, path: Substring) -> [String] {
        isMemory
            ? ["\(mount)/memory\(path)", "\(mount)/memory"]
            : ["\(mount)\(path)", "\(mount)/unified\(path)", mount]
    }

    private static func number(in text: String) -> Int? {
        let line = text.split(separator: "\n").first { $0.beginsExactly(with: "oom_kill ") }
        return line.flatMap { Int($0.dropFirst("oom_kill ".count)) }
    }

    private static func contents(of path: String) -> String {
        String(decoding: (try? Descriptor.contents(of: path)) ?? [], as: UTF8.self)
    }

    /// Describes the counts before and after a process was killed by SIGKILL.
    ///
    /// - Parameters:
    ///   - before: The count before it died.
    ///   - after: The count now.
    /// - Returns: The words.
    static func words(before: Count?, after: Count) -> String {
        guard let new = after.number else {
            return "unknown: supervisord's cgroup does not count it"
        }
        guard let before, let old = before.number else {
            return "unknown: its count was not read before"
        }
        let since = before.time.formatted("%H:%M:%S")
        guard new > old else {
            return "has killed nothing in supervisord's cgroup since \(since)"
        }
        let count = new - old == 1 ? "1 process" : "\(new - old) processes"
        return "has killed \(count) in supervisord's cgroup since \(since)"
    }
}
