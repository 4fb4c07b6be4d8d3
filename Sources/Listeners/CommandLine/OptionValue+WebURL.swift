// Parses URLs.

extension OptionValue {
    /// Parses an `http` or `https` URL.
    ///
    /// - Returns: The URL.
    /// - Throws: `UsageError` for anything else; it does not include the value, which may contain a
    ///   password.
    public func webURL() throws(UsageError) -> WebURL {
        do {
            return try WebURL(reading: text)
        } catch {
            let advice = error.advice.map { ": \($0)" } ?? ""
            throw .invalidValue(name, expected: "an http or https URL with a host\(advice)")
        }
    }
}
