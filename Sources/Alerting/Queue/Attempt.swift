public import EventLoop

/// One attempt to deliver: the program of the child process, and how to interpret its result.
public struct Attempt {
    /// The program of the child process.
    public let program: ChildProgram

    /// The input of the child process.
    public let input: [UInt8]

    /// The timeout.
    public let deadline: Duration

    /// The size of the message in bytes; 0 if only the child process knows it.
    public let size: Int

    /// Reads a server's reply to an accepted alert from the child's report; nil without a reply.
    public let answer: (ChildReport) -> String?

    /// The results of the incidents of an alert, by its index in the parcel; nil if the channel sends
    /// them only together.
    let incidents: (ChildReport) -> (Int) -> IncidentStatuses?

    private let reader: (ChildReport) -> (Int) -> [String: DeliveryStatus]

    /// Creates an attempt with one message, so that all its alerts have the same result.
    ///
    /// - Parameters:
    ///   - program: The program of the child process.
    ///   - input: Its input.
    ///   - deadline: The timeout.
    ///   - size: The size of the message in bytes; 0 if only the child process knows it.
    ///   - answer: Reads a server's reply to an accepted alert from the child's report.
    ///   - statuses: Reads the status of each target from the child's report; targets without a
    ///     status are retried.
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

    /// Creates an attempt whose alerts can have different results.
    ///
    /// - Parameters:
    ///   - program: The program of the child process.
    ///   - deadline: The timeout.
    ///   - input: Its input.
    ///   - size: The size of the message in bytes; 0 if only the child process knows it.
    ///   - answer: Reads a server's reply to an accepted alert from the child's report.
    ///   - reader: Reads the status of each target from the child's report, for an alert by its
    ///     index in the parcel.
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
        incidents = { _ in { _ in nil } }
    }

    /// Creates an attempt whose incidents can have different results.
    ///
    /// - Parameters:
    ///   - program: The program of the child process.
    ///   - deadline: The timeout.
    ///   - targets: The targets, which have the same result.
    ///   - answer: Reads a server's reply to an accepted alert from the child's report.
    ///   - incidents: Reads the results of the incidents of an alert, by its index in the parcel.
    init(
        program: ChildProgram, deadline: Duration, to targets: [String],
        answer: @escaping (ChildReport) -> String?,
        incidents: @escaping (ChildReport) -> (Int) -> IncidentStatuses
    ) {
        self.program = program
        input = []
        self.deadline = deadline
        size = 0
        self.answer = answer
        self.incidents = incidents
        reader = { report in
            let incidents = incidents(report)
            return { place in
                let status = incidents(place).joint
                return Dictionary(targets.map { ($0, status ?? .later("unknown")) }) { $1 }
            }
        }
    }

    /// The status of each target, for each alert by its index in the parcel.
    ///
    /// - Parameter report: The child's report.
    /// - Returns: The statuses of an alert.
    public func statuses(_ report: ChildReport) -> (Int) -> [String: DeliveryStatus] {
        reader(report)
    }
}
