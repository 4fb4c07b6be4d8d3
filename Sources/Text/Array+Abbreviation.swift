extension [String] {
    /// Returns the first texts as one, such as `a, b, c and 4 more`.
    ///
    /// - Parameter most: How many texts are included.
    /// - Returns: The list.
    package func abbreviated(to most: Int) -> String {
        let rest = count - most
        let shown = prefix(most).joined(separator: ", ")
        return rest > 0 ? "\(shown) and \(rest) more" : shown
    }

    /// Returns the first texts, and a last one with the number of the others, such as `and 4 more`.
    ///
    /// - Parameter most: How many texts are included.
    /// - Returns: The texts.
    package func limited(to most: Int) -> [String] {
        let rest = count - most
        return rest > 0 ? prefix(most) + ["and \(rest) more"] : self
    }
}
