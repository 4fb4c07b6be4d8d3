// Looks for regular expressions in a process of its own.

internal import EventLoop

/// Looks for regular expressions in a process of its own, which answers by its exit status.
enum ExpressionSearch {
    /// Why it is not known whether they are there.
    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    /// The status for a lack of memory; below it there is room for a number.
    private static let noMemory: Int32 = 255

    /// Looks for all of them.
    ///
    /// - Returns: 0, or the number of the first one that is missing, counted from 1.
    static func firstMissing(of expressions: [RegularExpression], in text: [UInt8]) -> Int32 {
        for (index, expression) in expressions.enumerated() {
            guard let isFound = expression.isFound(in: text) else { return noMemory }
            if !isFound { return Int32(min(index + 1, 254)) }
        }
        return 0
    }

    /// What the process has found out.
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
