// Parses conditions and request settings.

internal import Curl

extension OptionValue {
    /// Parses HTTP statuses: `200`, `200-299`, `2xx`, `!204`, or several separated by commas.
    func httpStatuses() throws(UsageError) -> StatusSet {
        let terms = trimmed.split(separator: ",", omittingEmptySubsequences: false)
        guard let statuses = StatusSet(adding: terms) else {
            throw error(requiring: "a status from 100 to 599, such as 200, 200-299, 2xx or !204")
        }
        return statuses
    }

    /// Parses an extended regular expression.
    func regularExpression() throws(UsageError) -> RegularExpression {
        let expression = try text(requiring: "a regular expression")
        do {
            return try RegularExpression(expression)
        } catch {
            throw UsageError("\(name): '\(text)' is not a regular expression: \(error.reason)")
        }
    }

    /// Parses a condition on JSON.
    func jsonQuery() throws(UsageError) -> JSONQuery {
        do {
            return try JSONQuery(text)
        } catch {
            let violation = self.error(requiring: "a condition such as '.status == UP'")
            throw UsageError("\(violation): \(error)")
        }
    }

    /// Parses a request method (RFC 9110, section 9.1).
    func httpMethod() throws(UsageError) -> HTTPRequest.Method {
        switch text {
        case "GET": return .get
        case "HEAD": return .head
        case "POST": return .post
        default:
            guard !text.isEmpty, text.utf8.allSatisfy(Self.isTokenByte) else {
                throw error(requiring: "a request method such as GET")
            }
            return .other(text)
        }
    }

    /// Parses a duration with its unit, in milliseconds at least: `500ms`, `2s`, `2`, `1m`.
    func latency() throws(UsageError) -> Duration {
        let multiples = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000)]
        let hasUnit = trimmed.last.map { $0.isLetter } ?? false
        let number = SuffixedNumber.parse(trimmed, multiples: multiples)
        guard let number, (1...86_400_000).contains(number) else {
            throw error(requiring: "a time such as 500ms or 2s")
        }
        return .milliseconds(hasUnit ? number : number * 1_000)
    }

    /// Parses the path of a socket, which has at most 107 bytes (unix(7)).
    func socketPath() throws(UsageError) -> String {
        guard text.hasPrefix("/") else { throw error(requiring: "the full path of a socket") }
        guard text.utf8.count <= CheckTarget.pathLimit else {
            throw UsageError(
                "\(name): the path of a socket has \(CheckTarget.pathLimit) bytes at most")
        }
        return text
    }

    /// Parses the path of a file with credentials, which may be unreadable now and appear later.
    func userFile() throws(UsageError) -> UserFile {
        let file = UserFile(path: try text(requiring: "a file"))
        do throws(UserFile.Fault) {
            _ = try file.login()
        } catch {
            guard error.isUnreadable else { throw UsageError("\(name): \(error)") }
        }
        return file
    }
}
