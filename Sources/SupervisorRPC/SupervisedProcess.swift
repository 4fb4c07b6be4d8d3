public import ListenerProtocol

/// Information about a process (Supervisor manual, chapter XML-RPC API, `getProcessInfo`).
///
/// Only the name is required: other implementations omit fields, which then have the default
/// values.
public struct SupervisedProcess: Sendable, Hashable {
    /// The name of the process.
    public var name: String
    /// The name of its group; its own name if there is none.
    public var group: String
    /// The number of its state; 1000 if missing.
    public var stateCode = ProcessState.unknown.rawValue
    /// The name of its state, such as `RUNNING`.
    public var stateName = ""
    /// The process identifier; 0 if it is not running.
    public var pid = 0
    /// The start time, in seconds since 1970; 0 if it was never started.
    public var start = 0
    /// The time of its last end, in seconds since 1970; 0 if it never ended.
    public var stop = 0
    /// The current time of supervisord's clock, in seconds since 1970.
    public var now = 0
    /// The last exit status; -1 if killed by a signal, 0 if there is none.
    public var exitStatus = 0
    /// Why it could not be started; empty if it could.
    public var spawnError = ""
    /// The path of its standard output log; empty if there is none.
    public var stdoutLogfile = ""
    /// The path of its standard error log; empty if there is none.
    public var stderrLogfile = ""
    /// A description for people, such as `pid 18806, uptime 0:03:12`.
    public var description = ""

    /// Creates information about a process of which only the name is known.
    ///
    /// - Parameters:
    ///   - name: The name of the process.
    ///   - group: The name of its group; the process's own name if nil.
    public init(name: String, group: String? = nil) {
        self.name = name
        self.group = group ?? name
    }

    /// The state; `.unknown` for an unknown number.
    public var state: ProcessState { ProcessState(rawValue: stateCode) ?? .unknown }

    /// Whether it comes from the Go implementation, whose states are in mixed case, such as
    /// `Running`.
    public var isFromGoSupervisord: Bool { stateName.contains(where: \.isLowercase) }

    /// The name with its group.
    public var processName: ProcessName { ProcessName(group: group, name: name) }

    /// Parses the result of `getProcessInfo`.
    ///
    /// - Parameter value: A struct with at least a `name`.
    /// - Throws: `ResponseError` when it is not a struct or has no name.
    public init(_ value: XMLRPCValue) throws(ResponseError) {
        guard case .structure(let members) = value else {
            throw ResponseError("a process that is not a struct")
        }
        var name: String?
        var group: String?
        self.init(name: "")
        for member in members {
            let value = member.value
            switch member.name {
            case "name": name = value.string
            case "group": group = value.string
            case "state": stateCode = value.int ?? stateCode
            case "statename": stateName = value.string ?? stateName
            case "pid": pid = value.int ?? pid
            case "start": start = value.int ?? start
            case "stop": stop = value.int ?? stop
            case "now": now = value.int ?? now
            case "exitstatus": exitStatus = value.int ?? exitStatus
            case "spawnerr": spawnError = value.string ?? spawnError
            case "stdout_logfile": stdoutLogfile = value.string ?? stdoutLogfile
            case "stderr_logfile": stderrLogfile = value.string ?? stderrLogfile
            case "description": description = value.string ?? description
            default: break
            }
        }
        guard let name, !name.isEmpty else { throw ResponseError("a process without a name") }
        self.name = name
        self.group = group.flatMap { $0.isEmpty ? nil : $0 } ?? name
    }
}
