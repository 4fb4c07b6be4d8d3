// What supervisord tells of a process.

public import ListenerProtocol

/// What supervisord tells of a process (Supervisor manual, chapter XML-RPC API, `getProcessInfo`).
///
/// Only the name has to be there: other hosts leave fields out, and get the values noted here.
public struct ProcessInfo: Sendable, Hashable {
    /// The name of the process.
    public var name: String
    /// The name of its group; its own when there is none.
    public var group: String
    /// The number of its state; 1000 when it is not told.
    public var stateCode = ProcessState.unknown.rawValue
    /// The name of its state, such as `RUNNING`.
    public var stateName = ""
    /// Its process id; 0 when it does not run.
    public var pid = 0
    /// When it was started, in seconds since 1970; 0 when never.
    public var start = 0
    /// When it last ended, in seconds since 1970; 0 when never.
    public var stop = 0
    /// The time on supervisord's clock when it answered, in seconds since 1970.
    public var now = 0
    /// Its last exit status; -1 after a death by signal, 0 when there is none.
    public var exitStatus = 0
    /// Why it could not be started, or nothing.
    public var spawnError = ""
    /// The path of the file with its standard output, or nothing.
    public var stdoutLogfile = ""
    /// The path of the file with its standard error, or nothing.
    public var stderrLogfile = ""
    /// A sentence for people, such as `pid 18806, uptime 0:03:12`.
    public var description = ""

    /// Describes a process of which only the name is known.
    ///
    /// - Parameters:
    ///   - name: The name of the process.
    ///   - group: The name of its group; the same as the name when nil.
    public init(name: String, group: String? = nil) {
        self.name = name
        self.group = group ?? name
    }

    /// Its state; `.unknown` for a number that Supervisor does not have.
    public var state: ProcessState { ProcessState(rawValue: stateCode) ?? .unknown }

    /// Whether it comes from the Go host, whose states are in mixed case, such as `Running`.
    public var isFromGoHost: Bool { stateName.contains(where: \.isLowercase) }

    /// Its name with that of its group.
    public var namespec: ProcessName { ProcessName(group: group, name: name) }

    /// Reads what `getProcessInfo` returns.
    ///
    /// - Parameter value: A struct with at least a `name`.
    /// - Throws: `MalformedResponse` when it is no struct or has no name.
    public init(_ value: XMLRPCValue) throws(MalformedResponse) {
        guard case .structure(let members) = value else {
            throw MalformedResponse("a process that is no struct")
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
        guard let name, !name.isEmpty else { throw MalformedResponse("a process without a name") }
        self.name = name
        self.group = group.flatMap { $0.isEmpty ? nil : $0 } ?? name
    }
}
