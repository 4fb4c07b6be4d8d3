import Foundation

/// The descendants of a process, from /proc.
package enum ProcessTree {
    /// The descendants of a process, children first.
    package static func descendants(of root: Int32) -> [Int32] {
        let children = Dictionary(grouping: parents(), by: \.parent).mapValues { $0.map(\.pid) }
        var found: [Int32] = []
        var next = children[root] ?? []
        while !next.isEmpty {
            found += next
            next = next.flatMap { children[$0] ?? [] }
        }
        return found
    }

    /// Whether a process exists and is not a zombie.
    package static func isAlive(_ pid: Int32) -> Bool {
        guard let fields = stat(pid) else { return false }
        return fields.first != "Z"
    }

    private static func parents() -> [(pid: Int32, parent: Int32)] {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return entries.compactMap { entry in
            guard let pid = Int32(entry), let fields = stat(pid), fields.count > 1 else {
                return nil
            }
            return Int32(fields[1]).map { (pid, $0) }
        }
    }

    /// The fields of /proc/PID/stat after the name, which may contain spaces and brackets.
    private static func stat(_ pid: Int32) -> [Substring]? {
        guard let data = FileManager.default.contents(atPath: "/proc/\(pid)/stat") else {
            return nil
        }
        let text = String(decoding: data, as: UTF8.self)
        guard let bracket = text.lastIndex(of: ")") else { return nil }
        return text[text.index(after: bracket)...].split(separator: " ")
    }
}
