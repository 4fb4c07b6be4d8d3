internal import Glibc
internal import Text

/// Detects misspelt names of our environment variables.
enum MisspeltVariables {
    /// Variables that do not correspond to options.
    static let others = [
        "SUPERLANCE_SMTP_PASSWORD", "SUPERLANCE_STATUS_FILE",
    ]

    /// Returns a warning for each unknown variable that begins with `SUPERLANCE_`, or that differs
    /// from a known one by two letters.
    ///
    /// - Parameter names: The names of all variables.
    /// - Returns: The warnings, each with the most similar known name; they never include values.
    static func warnings(among names: [String]) -> [String] {
        let known = DeliveryOptions.variables + others
        return names.sorted().filter { name in
            guard !known.contains(name) else { return false }
            return name.utf8.starts(with: "SUPERLANCE_".utf8)
                || (isSimilar(name) && NearestName.among(known, to: name, within: 2) != nil)
        }.map { name in
            let hint = nearest(to: name).map { "; did you mean \($0)?" } ?? ""
            return "unknown variable \(name)\(hint)"
        }
    }

    /// Whether a name is worth comparing with all known ones, which takes time.
    private static func isSimilar(_ name: String) -> Bool {
        let upper = name.uppercased()
        return !upper.hasPrefix("SUPERVISOR_")
            && (upper.hasPrefix("SUPE") || upper.containsText("LANCE"))
    }

    /// The variable that was probably meant.
    ///
    /// The common prefix is ignored, since it makes all names similar.
    static func nearest(to name: String) -> String? {
        let prefix = "SUPERLANCE_"
        let all = DeliveryOptions.variables + others
        guard name.uppercased().hasPrefix(prefix) else {
            return NearestName.among(all, to: name, within: 2)
        }
        let rest = String(name.dropFirst(prefix.count))
        let known = all.map { String($0.dropFirst(prefix.count)) }
        return nearest(to: rest.uppercased(), among: known).map { prefix + $0 }
    }

    /// A known name that differs by a letter or two, or that the typed one extends or abbreviates,
    /// such as `SPOOL` for `SPOOL_DIR` and `FROMEMAIL` for `FROM`, or else the most similar one.
    ///
    /// Only the password has `SMTP_` before its name, which misleads for the other settings of mail.
    private static func nearest(to typed: String, among known: [String]) -> String? {
        let smtp = "SMTP_"
        let found =
            NearestName.among(known, to: typed, within: min(2, typed.count / 3))
            ?? extended(typed, among: known)
        if let found { return found }
        if typed.hasPrefix(smtp) {
            return nearest(to: String(typed.dropFirst(smtp.count)), among: known)
        }
        return NearestName.among(known, to: typed)
    }

    /// The longest known name that another begins with, or else the shortest that begins with it.
    private static func extended(_ typed: String, among known: [String]) -> String? {
        guard typed.count > 1 else { return nil }
        return known.filter { typed.hasPrefix($0) }.max { $0.count < $1.count }
            ?? known.filter { $0.hasPrefix(typed) }.min { $0.count < $1.count }
    }

    /// The names of all variables of this process.
    static var inForce: [String] {
        var entry = unsafe environ
        // The pointer is null after clearenv(3).
        guard UInt(bitPattern: entry) != 0 else { return [] }
        var names: [String] = []
        while let text = unsafe entry.pointee {
            let pair = unsafe String(cString: text)
            names.append(
                String(decoding: pair.utf8.prefix { $0 != UInt8(ascii: "=") }, as: UTF8.self))
            unsafe entry += 1
        }
        return names
    }
}
