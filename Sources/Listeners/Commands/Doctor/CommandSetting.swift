internal import SupervisorConfiguration
internal import System
internal import Text

/// The variables that a command line sets for a tool, and whether it changes anything else of what
/// the tool finds: its directory, its user or other variables.
struct CommandSetting {
    /// The variables with known values.
    private(set) var variables: [String: String] = [:]

    /// Whether nothing else changes.
    private(set) var isKnown = true

    /// Evaluates a command of a script that precedes that of the tool.
    mutating func noteEarlier(_ words: [ShellScript.Word]) {
        let words = words.drop { Self.keywords.contains($0.text) }
        guard let first = words.first else { return }
        switch first.text {
        case "export":
            words.dropFirst().forEach { set($0) }
        case "set":
            if words.contains(where: { $0.text.contains("a") }) { isKnown = false }
        default:
            // Variables that are not exported are no business of the tool, unless it has them.
            if Self.changing.contains(first.text) || Self.isAssignment(first.text) {
                isKnown = false
            }
        }
    }

    /// Evaluates the words before the tool in its own command.
    mutating func noteWords(_ words: ArraySlice<ShellScript.Word>) {
        var wrapper = ""
        for word in words {
            if Self.isAssignment(word.text) {
                set(word)
            } else if word.text.hasPrefix("-") {
                // Options of env and exec change variables or the directory.
                if ["env", "exec"].contains(wrapper) { isKnown = false }
            } else if word.isExpanded || Self.changingUser.contains(word.text.lastPathName) {
                isKnown = false
            } else {
                wrapper = word.text.lastPathName
            }
        }
    }

    private mutating func set(_ word: ShellScript.Word) {
        let found = OwnEnvironment.variables([word.text])
        guard !found.isEmpty, !word.isExpanded else {
            isKnown = false
            return
        }
        variables.merge(found) { $1 }
    }

    /// Whether a word sets a variable.
    static func isAssignment(_ word: String) -> Bool {
        guard let equals = word.utf8.firstIndex(of: UInt8(ascii: "=")), equals != word.startIndex
        else { return false }
        return word.utf8[..<equals].allSatisfy { byte in
            byte.isASCIILetter || byte.isASCIIDigit || byte == UInt8(ascii: "_")
        }
    }

    /// Whether a program runs the one that its later words name.
    static func isWrapper(_ name: String) -> Bool {
        wrappers.contains(name) || changingUser.contains(name)
    }

    private static let keywords: Set = [
        "!", "{", "do", "elif", "else", "if", "then", "time", "until", "while",
    ]

    /// Commands of a shell that change variables or the directory of later ones.
    private static let changing: Set = [
        ".", "cd", "declare", "eval", "popd", "pushd", "read", "source", "typeset", "unset",
    ]

    private static let wrappers: Set = [
        "chrt", "command", "env", "exec", "ionice", "nice", "nohup", "numactl", "prlimit",
        "setarch", "setsid", "stdbuf", "strace", "taskset", "time", "timeout",
    ]

    private static let changingUser: Set = [
        "capsh", "chpst", "chroot", "doas", "gosu", "runuser", "setpriv", "softlimit", "su",
        "su-exec", "sudo", "systemd-run", "unshare",
    ]
}
