internal import EventLoop
public import ListenerProtocol
public import System
internal import Text

/// An incident, with its known details.
public struct Incident: Hashable, Sendable {
    /// The kind of incident.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// A process exited unexpectedly.
        case exited
        /// A process failed to start.
        case fatal
        /// A URL did not respond correctly.
        case unhealthy
        /// A process exceeded its memory limit.
        case memory
        /// Restarts did not help a process, up to the allowed number.
        case gaveUp = "gave_up"
        /// The recovery from an earlier incident.
        case recovered
        /// Another incident, described only by its text.
        case other
        /// A test alert.
        case test
    }

    /// The recovery from an incident.
    public struct Recovery: Hashable, Sendable {
        /// The kind of the earlier incident.
        public let kind: Kind
        /// When the earlier incident occurred.
        public let since: Timestamp
        /// Whether the alert only informs people: services that track resolution get a resolution
        /// of their own.
        public let isForPeople: Bool

        /// Creates a recovery.
        ///
        /// - Parameters:
        ///   - kind: The kind of the earlier incident.
        ///   - since: When it occurred.
        ///   - isForPeople: Whether the alert only informs people.
        public init(of kind: Kind, since: Timestamp, isForPeople: Bool = false) {
            self.kind = kind
            self.since = since
            self.isForPeople = isForPeople
        }
    }

    /// A check of a URL.
    public struct Check: Hashable, Sendable {
        /// The URL: scheme, host, port and path, without credentials and query.
        public let url: String
        /// The name of the check.
        public let name: String?

        /// Creates a check.
        ///
        /// - Parameters:
        ///   - url: The URL, without credentials and query.
        ///   - name: The name of the check.
        public init(url: String, name: String? = nil) {
            self.url = url
            self.name = name
        }
    }

    /// The kind of incident.
    public let kind: Kind

    /// When it occurred.
    public let time: Timestamp

    /// The process concerned, if any.
    public let process: ProcessName?

    /// The process identifier.
    public let pid: Int?

    /// The previous state of the process.
    public let fromState: String?

    /// superlance's message, without diagnostics.
    public var message: String

    /// The diagnostics.
    public var diagnostics: Diagnostics?

    /// The tokens of the event's header, if there was an event (Supervisor manual, "Header
    /// Tokens").
    public var header: [String: String]

    /// The failed check, if any.
    public var check: Check?

    /// The incident that has been resolved.
    public var recovery: Recovery?

    /// What happened, as a predicate for the ``Headline`` such as `restarted`; nil for the usual
    /// one of the kind.
    public var predicate: String?

    /// Why it happened, in words for the ``Headline``; nil to take it from the diagnostics.
    public var reason: String?

    /// When a condition began that is reported again; nil if this is the first alert about it.
    public var since: Timestamp?

    /// When it began: the time of the first alert about a condition that lasts.
    public var start: Timestamp { since.map { min($0, time) } ?? time }

    /// Distinguishes incidents of one kind about the same process or URL, such as `certificate`.
    public var notice: String?

    /// superlance's message, with the current state below its first line, and the diagnostics after
    /// an empty line.
    public var text: String {
        let found = diagnostics?.textWithoutState ?? ""
        return found.isEmpty ? messageWithState : "\(messageWithState)\n\n\(found)"
    }

    /// superlance's message, with the current state below its first line.
    package var messageWithState: String {
        guard let state = diagnostics?.stateLine else { return message }
        let first = message.firstLine
        return "\(first)\n\(state)\(message[first.endIndex...])"
    }

    /// Creates an incident.
    ///
    /// - Parameters:
    ///   - kind: The kind of incident.
    ///   - time: When it occurred.
    ///   - process: The process concerned.
    ///   - pid: The process identifier.
    ///   - fromState: The previous state of the process.
    ///   - message: superlance's message.
    ///   - diagnostics: The diagnostics.
    ///   - header: The tokens of the event's header.
    ///   - recovery: The incident that has been resolved.
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
