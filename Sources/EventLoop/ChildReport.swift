public import System

/// The result of a child process.
public struct ChildReport: Equatable, Sendable {
    /// How a child ended.
    public enum End: Equatable, Sendable, CustomStringConvertible {
        /// It exited with this status.
        case exited(Int32)
        /// It was killed by this signal.
        case signalled(Int32)
        /// It was killed when its deadline passed.
        case timedOut
        /// It could not be started.
        case notStarted(SystemError)
        /// It has ended in an unknown way.
        case unknown(SystemError)

        /// The end as one lower-case clause.
        public var description: String {
            switch self {
            case .exited(let status): "it exited with status \(status)"
            case .signalled(let number): "it was terminated by signal \(number)"
            case .timedOut: "it took too long"
            case .notStarted(let error), .unknown(let error): "\(error)"
            }
        }
    }

    /// How the child ended.
    public let end: End

    /// What it wrote to descriptor 1, up to the limit.
    public let output: [UInt8]

    /// What it wrote to descriptor 2, up to the limit; empty for a worker, which shares this
    /// program's descriptor 2.
    public let diagnostics: [UInt8]

    /// Whether its output was longer than the limit, so that the rest is missing.
    public let isCut: Bool

    /// Creates a report.
    ///
    /// - Parameters:
    ///   - end: How it ended.
    ///   - output: What it wrote to descriptor 1.
    ///   - diagnostics: What it wrote to descriptor 2.
    ///   - isCut: Whether its output was longer than the limit.
    public init(
        end: End, output: [UInt8] = [], diagnostics: [UInt8] = [], isCut: Bool = false
    ) {
        self.end = end
        self.output = output
        self.diagnostics = diagnostics
        self.isCut = isCut
    }
}
