// What became of a child process.

public import System

/// What became of a child process.
public struct ChildReport: Equatable, Sendable {
    /// The way a child came to its end.
    public enum End: Equatable, Sendable, CustomStringConvertible {
        /// It ended by itself with a status.
        case exited(Int32)
        /// A signal ended it.
        case signalled(Int32)
        /// Its deadline passed and it was killed.
        case timedOut
        /// It could not be started at all.
        case notStarted(SystemError)

        /// The end in one lower-case clause.
        public var description: String {
            switch self {
            case .exited(let status): "it ended with status \(status)"
            case .signalled(let number): "signal \(number) ended it"
            case .timedOut: "it took too long"
            case .notStarted(let error): "\(error)"
            }
        }
    }

    /// How it ended.
    public let end: End

    /// What it wrote to descriptor 1, up to the limit it was started with.
    public let output: [UInt8]

    /// What it wrote to descriptor 2, up to the limit; empty for a worker, which shares ours.
    public let diagnostics: [UInt8]

    /// Describes a child's end.
    ///
    /// - Parameters:
    ///   - end: How it ended.
    ///   - output: What it wrote to descriptor 1.
    ///   - diagnostics: What it wrote to descriptor 2.
    public init(end: End, output: [UInt8] = [], diagnostics: [UInt8] = []) {
        self.end = end
        self.output = output
        self.diagnostics = diagnostics
    }
}
