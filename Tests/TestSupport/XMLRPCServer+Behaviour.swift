// What the false supervisord has in its table, and how it may fail.

extension XMLRPCServer {
    /// A process of the table; what is left out is filled in as supervisord would.
    package struct Entry: Codable {
        package var name: String
        package var group: String
        /// 0 when it does not run; memmon measures whatever process this is.
        package var pid: Int
        /// When it was started, in seconds since 1970; a minute ago, when absent.
        package var start: Int?
        package var state: Int?
        package var statename: String?
        /// When it ended, in seconds since 1970.
        package var stop: Int?
        package var exitstatus: Int?
        /// The file with its standard error.
        package var stderr: String?

        private enum CodingKeys: String, CodingKey {
            case name, group, pid, start, state, statename, stop, exitstatus
            case stderr = "stderr_logfile"
        }

        /// A running process when it has a pid, else a stopped one.
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

    /// How calls are treated; by default they are answered.
    package struct Behaviour: Encodable {
        /// With these, every other login is answered by 401.
        package var user: String?
        package var password: String?
        /// An HTTP status in place of an answer.
        package var status: Int?
        /// A body in place of XML.
        package var garbage: String?
        /// Only the first half of the XML.
        package var truncated: Bool?
        /// An answer of 17 MiB.
        package var huge: Bool?
        /// By method (`startProcess`) or method and first parameter (`startProcess web:web`).
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

    /// What happens to a call.
    package enum Rule: Encodable {
        /// Is answered by a fault, so many times or always.
        case fault(Int, String, times: Int? = nil)
        /// Is never answered.
        case hang(times: Int? = nil)
        /// Ends the connection before it is carried out.
        case drop(times: Int? = nil)
        /// Ends the connection after it has been carried out.
        case lose(times: Int? = nil)
        /// Is carried out after so many seconds, and answered.
        case delay(Double, times: Int? = nil)
        /// Is carried out, and answered after so many seconds as things were then.
        case late(Double, times: Int? = nil)
        /// Is answered by true, and not carried out.
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
