// Suggests an option for one that the tool does not have.

extension OptionTable {
    /// The option that was probably meant by an unknown letter: that of other tools.
    ///
    /// The recipients, for example, are `-m` of some tools and `-t` of the others.
    ///
    /// - Parameter letter: The letter.
    /// - Returns: The same option of this tool; nil if there is none.
    func nearest(toLetter letter: Character) -> String? {
        DeliveryOptions.ofAllTools.first { $0.letter == letter }.flatMap(counterpart).map {
            $0.letter.map { "-\($0)" } ?? "--\($0.longName)"
        }
    }

    /// The option that was probably meant by an unknown long name: the most similar one, of this
    /// tool or of others.
    ///
    /// - Parameter typed: The long name, with its hyphens.
    /// - Returns: The option of this tool; nil if none is similar.
    func nearest(to typed: String) -> String? {
        let own = options.flatMap { option in
            option.longForms.map { (name: $0, suggestion: $0) }
        }
        let others = DeliveryOptions.ofAllTools.flatMap { option in
            counterpart(option).map { counterpart in
                option.longForms.map { (name: $0, suggestion: "--\(counterpart.longName)") }
            } ?? []
        }
        let known = own + others
        let isPrefix = typed.utf8.count > "--".utf8.count
        let name =
            NearestName.among(known.map(\.name), to: typed)
            ?? (isPrefix ? others.first { $0.name.utf8.starts(with: typed.utf8) }?.name : nil)
        return known.first { $0.name == name }?.suggestion
    }

    /// The option of this tool with the same meaning as one of another tool.
    private func counterpart(_ other: OptionSpecification) -> OptionSpecification? {
        options.first { $0.key == other.key }
    }
}

extension OptionSpecification {
    /// All long names, with their hyphens.
    var longForms: [String] {
        ([longName] + aliases).map { "--\($0)" }
    }
}
