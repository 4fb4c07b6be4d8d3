internal import Glibc

/// The environment of this process.
public enum OwnEnvironment {
    /// All variables.
    ///
    /// The corresponding C variable is `environ`.
    public static var variables: [String: String] {
        var entries: [String] = []
        var entry = unsafe environ
        // The pointer is null after clearenv(3).
        guard UInt(bitPattern: entry) != 0 else { return [:] }
        while let text = unsafe entry.pointee {
            entries.append(unsafe String(cString: text))
            unsafe entry += 1
        }
        return Self.variables(entries)
    }

    /// Reads an environment (environ(7)).
    ///
    /// - Parameter entries: The entries, `NAME=VALUE`; others are ignored, and of several with the
    ///   same name the last one counts.
    /// - Returns: The values by name.
    public static func variables(_ entries: [String]) -> [String: String] {
        var variables: [String: String] = [:]
        for entry in entries {
            guard let equals = entry.utf8.firstIndex(of: UInt8(ascii: "=")) else { continue }
            let value = entry.utf8[equals...].dropFirst()
            variables[String(entry[..<equals])] = String(Substring(value))
        }
        return variables
    }
}
