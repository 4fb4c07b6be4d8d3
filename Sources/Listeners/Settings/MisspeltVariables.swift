// Finds variables of the environment that were probably meant for us.

internal import Glibc

/// Finds variables of the environment that look like ours and are not.
enum MisspeltVariables {
    /// Variables beyond those that stand for options.
    static let others = [
        "SUPERLANCE_SMTP_PASSWORD", "SUPERLANCE_STATUS_FILE",
    ]

    /// What to say of each variable that begins with `SUPERLANCE_` and means nothing.
    ///
    /// - Parameter names: The names of all variables.
    /// - Returns: A warning for each, with the nearest name that exists; never a value.
    static func warnings(among names: [String]) -> [String] {
        let known = DeliveryOptions.variables + others
        return names.sorted().filter { name in
            name.utf8.starts(with: "SUPERLANCE_".utf8) && !known.contains(name)
        }.map { name in
            let hint = nearest(to: name).map { "; did you mean \($0)?" } ?? ""
            return "there is no variable \(name)\(hint)"
        }
    }

    /// The variable that was probably meant.
    ///
    /// What all of them begin with resembles everything, and does not count.
    static func nearest(to name: String) -> String? {
        let prefix = "SUPERLANCE_"
        let known = (DeliveryOptions.variables + others).map { String($0.dropFirst(prefix.count)) }
        return NearestName.among(known, to: String(name.dropFirst(prefix.count)))
            .map { prefix + $0 }
    }

    /// The names of all variables of this process.
    static var inForce: [String] {
        var entry = unsafe environ
        // clearenv(3) leaves nothing at all.
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
