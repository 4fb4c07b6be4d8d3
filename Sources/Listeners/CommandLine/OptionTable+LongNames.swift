// The long names of options, and the prefixes that select them.

extension OptionTable {
    /// A long name for getopt.
    struct LongName: Hashable {
        /// The name without hyphens, or a prefix of an original name.
        let name: String
        /// The index of its option in the table.
        let index: Int
    }

    /// All names to pass to getopt, each once.
    ///
    /// superlance resolves unambiguous prefixes of its own long names, and existing command lines
    /// rely on that, so additional options must not make them ambiguous. Therefore every prefix
    /// that is unambiguous among the original names is added as a name of its own, which getopt
    /// matches exactly. getopt resolves all other prefixes among all names.
    ///
    /// An original prefix takes precedence over an additional option of the same name.
    var longNames: [LongName] {
        let original = options.indices.filter { options[$0].isOriginal }
        var names = original.map { LongName(name: options[$0].longName, index: $0) }
        for index in original {
            let name = options[index].longName
            for length in 1..<max(1, name.count) {
                let prefix = String(name.prefix(length))
                let matches = original.count { options[$0].longName.hasPrefix(prefix) }
                if matches == 1 { names.append(LongName(name: prefix, index: index)) }
            }
        }
        for (index, option) in options.enumerated() {
            names += ([option.longName] + option.aliases).map { LongName(name: $0, index: index) }
        }
        var known: Set<String> = []
        return names.filter { known.insert($0.name).inserted }
    }

    /// Returns the long names that begin with a prefix, one for each option.
    ///
    /// - Parameter prefix: The text after the two hyphens.
    /// - Returns: The shown name if it has the prefix, otherwise the first alias that has it.
    func candidates(for prefix: String) -> [String] {
        options.compactMap { option in
            ([option.longName] + option.aliases).first {
                $0.utf8.starts(with: prefix.utf8)
            }
        }
    }
}

extension OptionSpecification {
    /// Further long names, accepted but not shown.
    ///
    /// superlance's documentation and its tools call some options by different names.
    public var aliases: [String] {
        switch key {
        case .program: ["process"]
        case .group: ["groupname"]
        case .sendmail: ["sendmail"]
        default: []
        }
    }
}
