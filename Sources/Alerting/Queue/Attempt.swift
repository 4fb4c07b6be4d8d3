public import EventLoop

/// One attempt to deliver: what a child does, and how to read what became of it.
public struct Attempt {
    /// What the child runs.
    public let program: ChildProgram

    /// What it finds on its input.
    public let input: [UInt8]

    /// How long it may take.
    public let deadline: Duration

    /// How large the message is, in bytes; 0 where only the child knows.
    public let size: Int

    /// Reads from a child's end what a server said when it took the alert; nothing if it said
    /// nothing.
    public let answer: (ChildReport) -> String?

    private let reader: (ChildReport) -> (Int) -> [String: DeliveryStatus]

    /// Describes an attempt that is one message, so that all its alerts fare alike.
    ///
    /// - Parameters:
    ///   - program: What the child runs.
    ///   - input: What it finds on its input.
    ///   - deadline: How long it may take.
    ///   - size: How large the message is, in bytes; 0 where only the child knows.
    ///   - answer: Reads from the child's end what a server said when it took the alert.
    ///   - statuses: Reads from the child's end what became of each target; those it does not name
    ///     are tried again.
    public init(
        program: ChildProgram, input: [UInt8], deadline: Duration, size: Int = 0,
        answer: @escaping (ChildReport) -> String? = { _ in nil },
        statuses: @escaping (ChildReport) -> [String: DeliveryStatus]
    ) {
        self.init(
            program: program, deadline: deadline, input: input, size: size, answer: answer
        ) { report in
            let statuses = statuses(report)
            return { _ in statuses }
        }
    }

    /// Describes an attempt whose alerts may fare differently.
    ///
    /// - Parameters:
    ///   - program: What the child runs.
    ///   - deadline: How long it may take.
    ///   - input: What it finds on its input.
    ///   - size: How large the message is, in bytes; 0 where only the child knows.
    ///   - answer: Reads from the child's end what a server said when it took the alert.
    ///   - reader: Reads from the child's end what became of each target, for an alert by its place
    ///     in the parcel.
    public init(
        program: ChildProgram, deadline: Duration, input: [UInt8] = [], size: Int = 0,
        answer: @escaping (ChildReport) -> String? = { _ in nil },
        reader: @escaping (ChildReport) -> (Int) -> [String: DeliveryStatus]
    ) {
        self.program = program
        self.input = input
        self.deadline = deadline
        self.size = size
        self.answer = answer
        self.reader = reader
    }

    /// What became of each target, for each alert by its place in the parcel.
    ///
    /// - Parameter report: The child's end.
    /// - Returns: The statuses of an alert.
    public func statuses(_ report: ChildReport) -> (Int) -> [String: DeliveryStatus] {
        reader(report)
    }
}
