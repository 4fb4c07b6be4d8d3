// Reads web addresses from the command line.

extension OptionValue {
    /// The value as an `http` or `https` URL.
    ///
    /// - Returns: The URL.
    /// - Throws: `UsageError` for anything else; it does not show the value, which may hold a
    ///   password.
    public func webURL() throws(UsageError) -> WebURL {
        do {
            return try WebURL(reading: text)
        } catch {
            let advice = error.advice.map { ": \($0)" } ?? ""
            throw .invalidValue(name, wanted: "an http or https URL with a host\(advice)")
        }
    }
}
