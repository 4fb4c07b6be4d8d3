internal import EventLoop

/// Searches for regular expressions in a separate process, whose exit status is the result.
enum ExpressionSearch {
    /// Why the result is unknown.
    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    /// The exit status for a lack of memory; lower ones are numbers of expressions.
    private static let noMemory: Int32 = 255

    /// Searches for all expressions.
    ///
    /// - Returns: 0, or the number of the first missing one, counted from 1.
    static func firstMissing(of expressions: [RegularExpression], in text: [UInt8]) -> Int32 {
        for (index, expression) in expressions.enumerated() {
            guard let isFound = expression.isFound(in: text) else { return noMemory }
            if !isFound { return Int32(min(index + 1, 254)) }
        }
        return 0
    }

    /// Converts the result of the process.
    ///
    /// - Returns: What is missing, as clauses.
    static func outcome(
        of report: ChildReport, _ expressions: [RegularExpression]
    ) -> Result<[String], Fault> {
        switch report.end {
        case .exited(0): .success([])
        case .exited(let status)
        where status != noMemory && expressions.indices.contains(Int(status) - 1):
            .success(["the body does not match '\(expressions[Int(status) - 1])'"])
        case .timedOut: .failure(Fault(description: "--regex takes longer than the timeout"))
        default: .failure(Fault(description: "cannot match --regex: \(report.end)"))
        }
    }
}
