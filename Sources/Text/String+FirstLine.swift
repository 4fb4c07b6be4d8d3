extension StringProtocol {
    /// The text before the first line end.
    package var firstLine: SubSequence { prefix { !$0.isNewline } }
}
