// The process table of a simulated supervisord, and the faults that it can simulate.

extension XMLRPCServer {
    /// A process of the table; missing values are filled in as supervisord would.
    package struct Entry: Codable {
        package var name: String
        package var group: String
        /// 0 if it is not running; memmon measures the process with this identifier.
        package var pid: Int
        /// When it was started, in seconds since 1970; a minute ago by default.
        package var start: Int?
        package var state: Int?
        package var statename: String?
        /// When it ended, in seconds since 1970.
        package var stop: Int?
        package var exitstatus: Int?
        /// Why it could not be started.
        package var spawnerr: String?
        /// The file of its standard error.
        package var stderr: String?

        private enum CodingKeys: String, CodingKey {
            case name, group, pid, start, state, statename, stop, exitstatus, spawnerr
            case stderr = "stderr_logfile"
        }

        /// A running process if it has a pid, otherwise a stopped one.
        package init(
            _ name: String, group: String? = nil, pid: Int, start: Int? = nil, state: Int? = nil,
            statename: String? = nil
        ) {
            self.name = name
            self.group = group ?? name
            self.pid = pid
            self.start = start
            self.state = state
            self.statename = statename
        }
    }

    /// How calls are handled; by default they succeed.
    package struct Behaviour: Encodable {
        /// With a user and a password, other logins get status 401.
        package var user: String?
        package var password: String?
        /// An HTTP status instead of a response.
        package var status: Int?
        /// A body instead of XML.
        package var garbage: String?
        /// Only the first half of the XML.
        package var truncated: Bool?
        /// A response of 17 MiB.
        package var huge: Bool?
        /// Rules by method (`startProcess`) or method and first parameter (`startProcess web:web`).
        package var methods: [String: Rule]?

        package init(
            user: String? = nil, password: String? = nil, status: Int? = nil,
            garbage: String? = nil, truncated: Bool? = nil, huge: Bool? = nil,
            methods: [String: Rule]? = nil
        ) {
            self.user = user
            self.password = password
            self.status = status
            self.garbage = garbage
            self.truncated = truncated
            self.huge = huge
            self.methods = methods
        }
    }

    /// How a call is handled.
    package enum Rule: Encodable {
        /// Returns a fault, a number of times or always.
        case fault(Int, String, times: Int? = nil)
        /// Never responds.
        case hang(times: Int? = nil)
        /// Closes the connection without carrying it out.
        case drop(times: Int? = nil)
        /// Carries it out and closes the connection.
        case lose(times: Int? = nil)
        /// Carries it out after a delay, then responds.
        case delay(Double, times: Int? = nil)
        /// Carries it out at once; responds after a delay with the earlier state.
        case late(Double, times: Int? = nil)
        /// Returns true without carrying it out.
        case pretend(times: Int? = nil)

        private enum Key: CodingKey {
            case fault, hang, drop, lose, delay, late, pretend, times
        }

        package func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            let times: Int?
            switch self {
            case .fault(let code, let text, let count):
                var fault = container.nestedUnkeyedContainer(forKey: .fault)
                try fault.encode(code)
                try fault.encode(text)
                times = count
            case .hang(let count):
                try container.encode(true, forKey: .hang)
                times = count
            case .drop(let count):
                try container.encode(true, forKey: .drop)
                times = count
            case .pretend(let count):
                try container.encode(true, forKey: .pretend)
                times = count
            case .lose(let count):
                try container.encode(true, forKey: .lose)
                times = count
            case .delay(let seconds, let count):
                try container.encode(seconds, forKey: .delay)
                times = count
            case .late(let seconds, let count):
                try container.encode(seconds, forKey: .late)
                times = count
            }
            try container.encodeIfPresent(times, forKey: .times)
        }
    }
}
