/// An event's name and its payload, in supervisord's format.
package struct EventPayload {
    package let eventName: String
    package let bytes: [UInt8]

    package init(_ eventName: String, _ text: String) {
        self.init(eventName, bytes: Array(text.utf8))
    }

    package init(_ eventName: String, bytes: [UInt8]) {
        self.eventName = eventName
        self.bytes = bytes
    }

    /// PROCESS_STATE_EXITED.
    package static func exited(
        _ name: String, group: String? = nil, expected: Bool = false, pid: Int = 2766
    ) -> Self {
        state(
            "EXITED", name, group: group, from: "RUNNING", "expected:\(expected ? 1 : 0) pid:\(pid)"
        )
    }

    /// PROCESS_STATE_FATAL.
    package static func fatal(_ name: String, group: String? = nil) -> Self {
        state("FATAL", name, group: group, from: "BACKOFF")
    }

    /// Any PROCESS_STATE event; `extra` holds the tokens after `from_state`.
    package static func state(
        _ state: String, _ name: String, group: String? = nil, from: String, _ extra: String = ""
    ) -> Self {
        let tokens = "processname:\(name) groupname:\(group ?? name) from_state:\(from)"
        return Self("PROCESS_STATE_\(state)", extra.isEmpty ? tokens : "\(tokens) \(extra)")
    }

    /// The same event in the format of the Go implementation: without a group, with states in mixed
    /// case.
    package var fromGoHost: EventPayload {
        guard eventName.hasPrefix("PROCESS_STATE_") else { return self }
        let words = String(decoding: bytes, as: UTF8.self).split(
            separator: " ", omittingEmptySubsequences: false
        ).map { word in
            if word.hasPrefix("groupname:") { return "groupname:" }
            guard word.hasPrefix("from_state:") else { return String(word) }
            let state = word.dropFirst("from_state:".count)
            return "from_state:\(state.prefix(1))\(state.dropFirst().lowercased())"
        }
        return EventPayload(eventName, words.joined(separator: " "))
    }

    /// TICK_5, TICK_60 or TICK_3600.
    package static func tick(_ seconds: Int, when: Int = 1_795_212_120) -> Self {
        Self("TICK_\(seconds)", "when:\(when)")
    }

    /// PROCESS_LOG_STDOUT or PROCESS_LOG_STDERR.
    package static func log(
        _ name: String, group: String? = nil, pid: Int = 2766, channel: String = "stdout",
        _ data: String
    ) -> Self {
        Self(
            "PROCESS_LOG_\(channel.uppercased())",
            "processname:\(name) groupname:\(group ?? name) pid:\(pid) channel:\(channel)\n\(data)")
    }

    /// PROCESS_COMMUNICATION_STDOUT or PROCESS_COMMUNICATION_STDERR.
    package static func communication(
        _ name: String, group: String? = nil, pid: Int = 2766, channel: String = "stdout",
        _ data: String
    ) -> Self {
        Self(
            "PROCESS_COMMUNICATION_\(channel.uppercased())",
            "processname:\(name) groupname:\(group ?? name) pid:\(pid)\n\(data)")
    }

    /// REMOTE_COMMUNICATION.
    package static func remote(_ type: String, _ data: String) -> Self {
        Self("REMOTE_COMMUNICATION", "type:\(type)\n\(data)")
    }

    /// PROCESS_GROUP_ADDED or PROCESS_GROUP_REMOVED.
    package static func group(_ change: String, _ name: String) -> Self {
        Self("PROCESS_GROUP_\(change)", "groupname:\(name)\n")
    }

    /// SUPERVISOR_STATE_CHANGE_RUNNING or SUPERVISOR_STATE_CHANGE_STOPPING.
    package static func supervisor(_ state: String) -> Self {
        Self("SUPERVISOR_STATE_CHANGE_\(state)", "")
    }
}
