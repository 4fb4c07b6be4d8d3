extension Sequence where Element: Hashable {
    /// Returns each element once, in the order of the first occurrences.
    package func withoutRepetitions() -> [Element] {
        var known: Set<Element> = []
        return filter { known.insert($0).inserted }
    }
}
