// Parses mail addresses and mail servers.

public import Alerting

extension OptionValue {
    /// Parses a list of mail addresses.
    ///
    /// - Returns: The addresses, at least one.
    /// - Throws: `UsageError` for anything else.
    public func mailAddresses() throws(UsageError) -> [MailAddress] {
        do {
            return try MailAddress.list(text)
        } catch {
            throw UsageError(.invalidValue, "\(name) requires mail addresses: \(error)")
        }
    }

    /// Parses one mail address.
    ///
    /// - Returns: The address.
    /// - Throws: `UsageError` for anything else, including several addresses.
    public func mailAddress() throws(UsageError) -> MailAddress {
        let addresses = try mailAddresses()
        guard addresses.count == 1, let address = addresses.first else {
            throw error(requiring: "one mail address")
        }
        return address
    }

    /// Parses an SMTP server, such as `host`, `host:587` or `smtps://host`.
    ///
    /// - Returns: The server.
    /// - Throws: `UsageError` for anything else; it does not include the value, which may contain a
    ///   password.
    public func smtpServer() throws(UsageError) -> SMTPServerAddress {
        do {
            return try SMTPServerAddress(text)
        } catch {
            throw UsageError(.invalidValue, "\(name) requires host or host:port: \(error)")
        }
    }
}
