// With which configuration a supervisord runs.

package import Glibc
internal import System

/// A supervisord that runs, as `/proc` shows it (proc(5)).
package struct RunningSupervisord {
    /// Its environment.
    package let environment: [String: String]

    /// Its configuration, as an absolute path as far as its folder is known; nothing if there is
    /// none where it looks.
    package let configuration: String?

    /// Looks at a process.
    ///
    /// - Parameter identifier: The process; nothing comes of one that is gone, or that may not be
    ///   looked at.
    package init?(_ identifier: pid_t) {
        guard let words = Self.strings("/proc/\(identifier)/cmdline"), !words.isEmpty else {
            return nil
        }
        let variables = Self.strings("/proc/\(identifier)/environ") ?? []
        let pairs = variables.compactMap { text -> (String, String)? in
            guard let equals = text.firstIndex(of: "=") else { return nil }
            return (String(text[..<equals]), String(text[text.index(after: equals)...]))
        }
        environment = Dictionary(pairs) { $1 }
        let folder = Self.link("/proc/\(identifier)/cwd")
        func absolute(_ path: String) -> String {
            path.hasPrefix("/") ? path : folder.map { "\($0)/\(path)" } ?? path
        }
        // With an interpreter before it, the program is the word that is named so.
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
            // Joined to its letter, perhaps behind others: -nc FILE, -cFILE.
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
        let number = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard number >= 0 else { return nil }
        let file = Descriptor(rawValue: number)
        defer { file.close() }
        var content: [UInt8] = []
        while case .bytes(let bytes) = file.read() { content += bytes }
        return content.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    }

    private static func link(_ path: String) -> String? {
        guard let target = unsafe realpath(path, nil) else { return nil }
        defer { unsafe free(target) }
        return unsafe String(cString: target)
    }
}
