/// Suggests the name that was probably meant by a misspelt one.
enum NearestName {
    /// Returns the known name that is most similar to a misspelt one.
    ///
    /// - Parameters:
    ///   - known: The existing names.
    ///   - typed: The misspelt name.
    ///   - most: The maximum number of edits; one for every three characters by default.
    /// - Returns: The name with the fewest edits; `nil` if none is similar enough.
    static func among(
        _ known: some Sequence<String>, to typed: String, within most: Int? = nil
    ) -> String? {
        let scalars = Array(typed.lowercased().unicodeScalars.prefix(100))
        var best: (name: String, distance: Int)?
        for name in known {
            let candidate = Array(name.lowercased().unicodeScalars)
            let distance = distance(scalars, candidate)
            if distance < best?.distance ?? ((most ?? max(scalars.count, 3) / 3) + 1) {
                best = (name, distance)
            }
        }
        return best?.name
    }

    /// The number of insertions, deletions, replacements and transpositions that turn one text into
    /// the other (optimal string alignment).
    private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for (row, scalar) in left.enumerated() {
            var next = [row + 1]
            for (column, other) in right.enumerated() {
                let replaced = last[column] + (scalar == other ? 0 : 1)
                var cost = min(replaced, last[column + 1] + 1, next[column] + 1)
                if row > 0, column > 0, scalar == right[column - 1], left[row - 1] == other {
                    cost = min(cost, beforeLast[column - 1] + 1)
                }
                next.append(cost)
            }
            beforeLast = last
            last = next
        }
        return last[right.count]
    }
}
