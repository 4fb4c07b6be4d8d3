// Reads HTTP status codes from the command line.

extension OptionValue {
    /// The value as an HTTP status code, 100 to 599 (RFC 9110, section 15).
    ///
    /// - Returns: The code.
    /// - Throws: `UsageError` for anything else.
    public func httpStatus() throws(UsageError) -> Int {
        guard let code = Int(trimmed), (100...599).contains(code) else {
            throw error(wanting: "an HTTP status code from 100 to 599")
        }
        return code
    }
}
