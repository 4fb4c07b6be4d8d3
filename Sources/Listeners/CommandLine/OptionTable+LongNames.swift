// Which long names, and which prefixes of them, mean which option.

extension OptionTable {
    /// A long name as getopt is told it.
    struct LongName: Hashable {
        /// The name without hyphens, or an official prefix of one.
        let name: String
        /// The place of its option among the table's options.
        let index: Int
    }

    /// All names getopt has to know, each once.
    ///
    /// superlance resolves any unambiguous prefix among its own long names, and command lines in
    /// the field rely on it; a name of ours must not make one ambiguous. So every prefix that is
    /// unambiguous among the official names is a name of its own, which for getopt is an exact
    /// match. Any other prefix getopt resolves among all names.
    ///
    /// An official prefix goes before a name of ours that is the same.
    var longNames: [LongName] {
        let official = options.indices.filter { options[$0].isOfficial }
        var names = official.map { LongName(name: options[$0].longName, index: $0) }
        for index in official {
            let name = options[index].longName
            for length in 1..<max(1, name.count) {
                let prefix = String(name.prefix(length))
                let matches = official.count { options[$0].longName.hasPrefix(prefix) }
                if matches == 1 { names.append(LongName(name: prefix, index: index)) }
            }
        }
        for (index, option) in options.enumerated() {
            names += ([option.longName] + option.aliases).map { LongName(name: $0, index: index) }
        }
        var known: Set<String> = []
        return names.filter { known.insert($0.name).inserted }
    }

    /// The long names that begin with a prefix, one for each option.
    ///
    /// - Parameter prefix: What the user typed after the two hyphens.
    /// - Returns: The shown name where it begins so, else the first alias that does.
    func candidates(for prefix: String) -> [String] {
        options.compactMap { option in
            ([option.longName] + option.aliases).first {
                $0.utf8.starts(with: prefix.utf8)
            }
        }
    }
}
