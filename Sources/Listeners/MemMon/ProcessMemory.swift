internal import Glibc
internal import System
internal import Text

/// Reads the memory usage of processes and of their descendants (`-c`) from `/proc`.
///
/// Source: proc(5), `/proc/PID/statm` and `/proc/PID/stat`. The size in the latter is inaccurate
/// according to its manual page.
struct ProcessMemory {
    private let pageSize = Int(sysconf(Int32(_SC_PAGESIZE)))
    private let directory: String

    /// Reads from a directory with the layout of `/proc`.
    init(directory: String = "/proc") {
        self.directory = directory
    }

    /// Returns the resident set size of a process.
    ///
    /// - Parameter pid: The process.
    /// - Returns: The size in bytes; nil if the process no longer exists.
    func resident(_ pid: Int) -> Int? {
        contents("\(pid)/statm").flatMap(Self.pages(inStatm:))?.multipliedSaturated(by: pageSize)
    }

    /// Parses the resident set size in a `statm`, in pages.
    static func pages(inStatm bytes: [UInt8]) -> Int? {
        let fields = bytes.split(separator: UInt8(ascii: " "), maxSplits: 2)
        return fields.count > 1 ? number(fields[1]) : nil
    }

    /// Parses the parent in a `stat`.
    ///
    /// The name is in parentheses and may contain any bytes, including parentheses and spaces.
    /// Parsing bytes is required, because a combining character would merge with the closing
    /// parenthesis into one Character.
    static func parent(inStat bytes: [UInt8]) -> Int? {
        guard let end = bytes.lastIndex(of: UInt8(ascii: ")")) else { return nil }
        let fields = bytes[(end + 1)...].split(separator: UInt8(ascii: " "), maxSplits: 2)
        return fields.count > 1 ? number(fields[1]) : nil
    }

    /// Parses digits; nil for anything else, or a number out of range.
    private static func number(_ bytes: ArraySlice<UInt8>) -> Int? {
        let isNumber = bytes.allSatisfy(\.isASCIIDigit)
        return isNumber ? Int(String(decoding: bytes, as: UTF8.self)) : nil
    }

    /// A process in a tree, and its own memory.
    struct Holder: Equatable {
        let pid: Int
        let name: String
        /// The size in bytes.
        let size: Int
    }

    /// Returns a process and all its descendants, the largest first.
    ///
    /// - Parameter pid: The process.
    /// - Returns: The processes that exist.
    func holders(inTreeOf pid: Int) -> [Holder] {
        tree(of: pid, in: children()).compactMap { pid in
            guard let size = resident(pid) else { return nil }
            let name = contents("\(pid)/comm")?.split(separator: UInt8(ascii: "\n")).first
            return Holder(
                pid: pid, name: name.map { String(decoding: $0, as: UTF8.self) } ?? "?", size: size)
        }.sorted { ($1.size, $0.pid) < ($0.size, $1.pid) }
    }

    /// All processes by their parents, in one pass.
    func children() -> [Int: [Int]] {
        var children: [Int: [Int]] = [:]
        for pid in allProcesses() {
            guard let parent = contents("\(pid)/stat").flatMap(Self.parent(inStat:)) else {
                continue
            }
            children[parent, default: []].append(pid)
        }
        return children
    }

    /// A process and all its descendants, whose memory `-c` adds.
    func tree(of pid: Int, in children: [Int: [Int]]) -> [Int] {
        var found = [pid]
        var visited: Set = [pid]
        var waiting = children[pid] ?? []
        // The parent of a process may change while reading, so there may be cycles.
        while let next = waiting.popLast() {
            guard visited.insert(next).inserted else { continue }
            found.append(next)
            waiting += children[next] ?? []
        }
        return found
    }

    private func allProcesses() -> [Int] {
        guard let listing = unsafe opendir(directory) else { return [] }
        defer { unsafe closedir(listing) }
        var pids: [Int] = []
        while let entry = unsafe readdir(listing) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { name in
                unsafe name.withMemoryRebound(to: CChar.self, capacity: 256) {
                    unsafe String(cString: $0)
                }
            }
            if let pid = Int(name) { pids.append(pid) }
        }
        return pids
    }

    private func contents(_ name: String) -> [UInt8]? {
        guard let bytes = try? bytes(name), !bytes.isEmpty else { return nil }
        return bytes
    }

    /// The start of a file, which the kernel writes in one piece.
    func bytes(_ name: String) throws(SystemError) -> [UInt8] {
        let descriptor = unsafe open("\(directory)/\(name)", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemError("cannot read \(directory)/\(name)") }
        defer { close(descriptor) }
        var count = 0
        var code: Int32 = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 4_096) { buffer, initialized in
            count = unsafe read(descriptor, buffer.baseAddress, buffer.count)
            code = errno
            initialized = max(0, count)
        }
        guard count >= 0 else {
            throw SystemError("cannot read \(directory)/\(name)", code: code)
        }
        return bytes
    }
}
