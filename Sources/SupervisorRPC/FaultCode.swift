// The numbers of supervisord's faults.

/// The number of a fault (`supervisor.xmlrpc.Faults` in Supervisor's source).
public struct FaultCode: RawRepresentable, Sendable, Hashable {
    /// The number.
    public let rawValue: Int

    /// Takes over a number.
    ///
    /// - Parameter rawValue: The number.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// There is no such method.
    public static let unknownMethod = Self(rawValue: 1)
    /// The method takes other parameters.
    public static let incorrectParameters = Self(rawValue: 2)
    /// A parameter has a value that it cannot have.
    public static let badArguments = Self(rawValue: 3)
    /// The method has no signature to tell.
    public static let signatureUnsupported = Self(rawValue: 4)
    /// supervisord is shutting down.
    public static let shutdownState = Self(rawValue: 6)
    /// There is no such process or group.
    public static let badName = Self(rawValue: 10)
    /// There is no such signal.
    public static let badSignal = Self(rawValue: 11)
    /// There is no such file.
    public static let noFile = Self(rawValue: 20)
    /// The program is no executable.
    public static let notExecutable = Self(rawValue: 21)
    /// It failed.
    public static let failed = Self(rawValue: 30)
    /// The process ended before it counted as started.
    public static let abnormalTermination = Self(rawValue: 40)
    /// The process could not be started.
    public static let spawnError = Self(rawValue: 50)
    /// The process runs already.
    public static let alreadyStarted = Self(rawValue: 60)
    /// The process does not run.
    public static let notRunning = Self(rawValue: 70)
    /// It succeeded; stands in lists of results.
    public static let success = Self(rawValue: 80)
    /// The group is there already.
    public static let alreadyAdded = Self(rawValue: 90)
    /// The group has running processes.
    public static let stillRunning = Self(rawValue: 91)
    /// The configuration cannot be read anew.
    public static let cantReread = Self(rawValue: 92)
}
