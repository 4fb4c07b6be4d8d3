internal import Glibc

/// Detects misspelt names of our environment variables.
enum MisspeltVariables {
    /// Variables that do not correspond to options.
    static let others = [
        "SUPERLANCE_SMTP_PASSWORD", "SUPERLANCE_STATUS_FILE",
    ]

    /// Returns a warning for each unknown variable that begins with `SUPERLANCE_`.
    ///
    /// - Parameter names: The names of all variables.
    /// - Returns: The warnings, each with the most similar known name; they never include values.
    static func warnings(among names: [String]) -> [String] {
        let known = DeliveryOptions.variables + others
        return names.sorted().filter { name in
            name.utf8.starts(with: "SUPERLANCE_".utf8) && !known.contains(name)
        }.map { name in
            let hint = nearest(to: name).map { "; did you mean \($0)?" } ?? ""
            return "unknown variable \(name)\(hint)"
        }
    }

    /// The variable that was probably meant.
    ///
    /// The common prefix is ignored, since it makes all names similar.
    static func nearest(to name: String) -> String? {
        let prefix = "SUPERLANCE_"
        let known = (DeliveryOptions.variables + others).map { String($0.dropFirst(prefix.count)) }
        return NearestName.among(known, to: String(name.dropFirst(prefix.count)))
            .map { prefix + $0 }
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
