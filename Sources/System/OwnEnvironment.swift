internal import Glibc

/// The environment of this process.
public enum OwnEnvironment {
    /// All variables.
    ///
    /// The corresponding C variable is `environ`.
    public static var variables: [String: String] {
        var variables: [String: String] = [:]
        var entry = unsafe environ
        // The pointer is null after clearenv(3).
        guard UInt(bitPattern: entry) != 0 else { return [:] }
        while let text = unsafe entry.pointee {
            let pair = unsafe String(cString: text).split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if pair.count == 2 { variables[String(pair[0])] = String(pair[1]) }
            unsafe entry += 1
        }
        return variables
    }
}
