package import Glibc
internal import System

/// A running supervisord, read from `/proc` (proc(5)).
package struct RunningSupervisord {
    /// Its environment.
    package let environment: [String: String]

    /// Its working directory; nil if it is unknown.
    package let directory: String?

    /// The path of its configuration, absolute if its working directory is known; nil if no file
    /// was found.
    package let configuration: String?

    /// Reads the properties of a process.
    ///
    /// - Parameter identifier: The process. Returns nil if it has ended or its properties cannot be
    ///   read.
    package init?(_ identifier: pid_t) {
        guard let words = Self.strings("/proc/\(identifier)/cmdline"), !words.isEmpty else {
            return nil
        }
        let variables = Self.strings("/proc/\(identifier)/environ") ?? []
        let pairs = variables.compactMap { text -> (String, String)? in
            guard let equals = text.utf8.firstIndex(of: UInt8(ascii: "=")) else { return nil }
            return (
                String(text[..<equals]), String(Substring(text.utf8[equals...].dropFirst()))
            )
        }
        environment = Dictionary(pairs) { $1 }
        let folder = Self.link("/proc/\(identifier)/cwd")
        directory = folder
        func absolute(_ path: String) -> String {
            path.utf8.first == UInt8(ascii: "/") ? path : folder.map { "\($0)/\(path)" } ?? path
        }
        // The program follows an interpreter, so search for its name.
        let program = words.first { $0.hasSuffix("supervisord") }
        configuration =
            Self.option(words).map(absolute)
            ?? SupervisorConfiguration.firstFile(
                of: SupervisorConfiguration.searchPath(program: program.map(absolute)).map(absolute)
            )
    }

    /// The value of `-c` or `--configuration`.
    private static func option(_ words: [String]) -> String? {
        for (index, word) in words.enumerated() {
            if ["-c", "--configuration"].contains(word) {
                return index + 1 < words.count ? words[index + 1] : nil
            }
            if word.hasPrefix("--configuration=") {
                return String(word.dropFirst("--configuration=".count))
            }
            // Joined to its letter, possibly after others: -nc FILE, -cFILE.
            guard word.hasPrefix("-"), !word.hasPrefix("--"),
                let letter = word.firstIndex(of: "c"),
                word[..<letter].dropFirst().allSatisfy({ "nst".contains($0) })
            else { continue }
            let value = word[word.index(after: letter)...]
            if !value.isEmpty { return String(value) }
            return index + 1 < words.count ? words[index + 1] : nil
        }
        return nil
    }

    private static func strings(_ path: String) -> [String]? {
        let content = try? Descriptor.contents(of: path)
        return content?.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    }

    private static func link(_ path: String) -> String? {
        guard let target = unsafe realpath(path, nil) else { return nil }
        defer { unsafe free(target) }
        return unsafe String(cString: target)
    }
}
