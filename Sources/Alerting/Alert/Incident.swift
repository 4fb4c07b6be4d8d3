// One thing that happened.

internal import EventLoop
public import ListenerProtocol
public import System

/// One thing that happened, as far as it is known.
public struct Incident: Hashable, Sendable {
    /// What kind of thing.
    public enum Kind: String, Hashable, Sendable {
        /// A process ended by itself, and not as it should.
        case exited
        /// A process could not be started.
        case fatal
        /// A web site did not answer as it should.
        case unhealthy
        /// A process held too much memory.
        case memory
        /// The restarts that are allowed have not helped a process.
        case gaveUp = "gave_up"
        /// What was told of is well again.
        case recovered
        /// Something of which no more is known than its text.
        case other
        /// Nothing happened; somebody wants to see whether alerts arrive.
        case test
    }

    /// What is well again, and since when it was not.
    public struct Recovery: Hashable, Sendable {
        /// What kind of thing was told.
        public let kind: Kind
        /// When it happened.
        public let since: Timestamp

        /// Describes what is well again.
        ///
        /// - Parameters:
        ///   - kind: What kind of thing was told.
        ///   - since: When it happened.
        public init(of kind: Kind, since: Timestamp) {
            self.kind = kind
            self.since = since
        }
    }

    /// A check of a site.
    public struct Check: Hashable, Sendable {
        /// The site: scheme, host, port and path, without login and query.
        public let url: String
        /// What the operator calls the check.
        public let name: String?

        /// Names a check.
        ///
        /// - Parameters:
        ///   - url: The site, without login and query.
        ///   - name: What the operator calls the check.
        public init(url: String, name: String? = nil) {
            self.url = url
            self.name = name
        }
    }

    /// What kind of thing it is.
    public let kind: Kind

    /// When it happened.
    public let time: Timestamp

    /// The process that it happened to; `nil` if it is not about one.
    public let process: ProcessName?

    /// The process identifier.
    public let pid: Int?

    /// The state that the process was in before.
    public let fromState: String?

    /// What superlance says of it, without what has been found out since.
    public var message: String

    /// What has been found out about it.
    public var diagnostics: Diagnostics?

    /// The tokens of the event's header, as far as there was an event (Supervisor manual, "Header
    /// Tokens").
    public var header: [String: String]

    /// The check that has failed; `nil` if it is not about one.
    public var check: Check?

    /// What is well again, for those who keep what is wrong.
    public var recovery: Recovery?

    /// What superlance says of it and, after a blank line, what has been found out.
    public var text: String {
        let found = diagnostics?.text ?? ""
        return found.isEmpty ? message : "\(message)\n\n\(found)"
    }

    /// Describes something that happened.
    ///
    /// - Parameters:
    ///   - kind: What kind of thing it is.
    ///   - time: When it happened.
    ///   - process: The process that it happened to.
    ///   - pid: The process identifier.
    ///   - fromState: The state that the process was in before.
    ///   - message: What superlance says of it.
    ///   - diagnostics: What has been found out about it.
    ///   - header: The tokens of the event's header.
    ///   - recovery: What is well again.
    public init(
        _ kind: Kind, at time: Timestamp, to process: ProcessName? = nil, pid: Int? = nil,
        fromState: String? = nil, message: String,
        diagnostics: Diagnostics? = nil, header: [String: String] = [:],
        recovery: Recovery? = nil
    ) {
        self.kind = kind
        self.time = time
        self.process = process
        self.pid = pid
        self.fromState = fromState
        self.message = message
        self.diagnostics = diagnostics
        self.header = header
        self.recovery = recovery
    }
}
