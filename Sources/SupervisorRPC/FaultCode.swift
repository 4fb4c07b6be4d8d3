/// The code of a fault (`supervisor.xmlrpc.Faults` in Supervisor's source).
public struct FaultCode: RawRepresentable, Sendable, Hashable {
    /// The code.
    public let rawValue: Int

    /// Creates a code.
    ///
    /// - Parameter rawValue: The code.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// There is no such method.
    public static let unknownMethod = Self(rawValue: 1)
    /// The parameters do not match the method.
    public static let incorrectParameters = Self(rawValue: 2)
    /// A parameter has an invalid value.
    public static let badArguments = Self(rawValue: 3)
    /// The method has no signature to return.
    public static let signatureUnsupported = Self(rawValue: 4)
    /// supervisord is shutting down.
    public static let shutdownState = Self(rawValue: 6)
    /// There is no such process or group.
    public static let badName = Self(rawValue: 10)
    /// There is no such signal.
    public static let badSignal = Self(rawValue: 11)
    /// There is no such file.
    public static let noFile = Self(rawValue: 20)
    /// The program is not executable.
    public static let notExecutable = Self(rawValue: 21)
    /// The call failed.
    public static let failed = Self(rawValue: 30)
    /// The process ended before it counted as started.
    public static let abnormalTermination = Self(rawValue: 40)
    /// The process could not be started.
    public static let spawnError = Self(rawValue: 50)
    /// The process is already running.
    public static let alreadyStarted = Self(rawValue: 60)
    /// The process is not running.
    public static let notRunning = Self(rawValue: 70)
    /// The call succeeded; used in lists of results.
    public static let success = Self(rawValue: 80)
    /// The group already exists.
    public static let alreadyAdded = Self(rawValue: 90)
    /// The group has running processes.
    public static let stillRunning = Self(rawValue: 91)
    /// The configuration cannot be reloaded.
    public static let cantReread = Self(rawValue: 92)
}
