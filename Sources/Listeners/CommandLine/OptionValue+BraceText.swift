// Reads texts with names in braces.

internal import Alerting
internal import Text

extension OptionValue {
    /// Parses a text with names in braces.
    ///
    /// - Parameter names: The allowed names.
    /// - Returns: The text.
    /// - Throws: `UsageError` for an unknown name or an open brace.
    func braceText(names: [String]) throws(UsageError) -> BraceText {
        do throws(BraceText.Fault) {
            return try BraceText(text, names: names)
        } catch {
            throw usageError(error, names)
        }
    }

    /// Parses the format of a subject.
    ///
    /// - Returns: The format.
    /// - Throws: `UsageError` for an unknown name or an open brace.
    func subjectFormat() throws(UsageError) -> SubjectFormat {
        do throws(BraceText.Fault) {
            return try SubjectFormat(text)
        } catch {
            throw usageError(error, SubjectFormat.Name.allCases.map(\.rawValue))
        }
    }

    private func usageError(_ fault: BraceText.Fault, _ names: [String]) -> UsageError {
        switch fault {
        case .unknownName(let unknown):
            let known = names.map { "{\($0)}" }.joined(separator: " ")
            return UsageError("\(name): unknown name {\(unknown)}, use \(known), or {{ for a brace")
        case .openBrace:
            return UsageError("\(name): a brace is not closed, use {{ for a brace")
        }
    }
}
