// Reads the keys of services.

internal import Text

extension OptionValue {
    /// Parses an integration key of PagerDuty.
    ///
    /// - Returns: The key.
    /// - Throws: `UsageError` if it cannot be one; the value is not shown.
    func integrationKey() throws(UsageError) -> String {
        let isKey = text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        guard isKey, !text.isEmpty else {
            throw .invalidValue(name, expected: "an integration key without spaces")
        }
        return text
    }
}
