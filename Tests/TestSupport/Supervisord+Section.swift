// Sections of a supervisord.conf, and supervisord's data about processes.

extension Supervisord {
    /// A section of the configuration.
    package struct Section {
        package let text: String

        /// A section with the given text.
        package init(_ text: String) {
            self.text = text + "\n"
        }

        /// A program; `options` override supervisord's defaults.
        package static func program(
            _ name: String, _ command: String, _ options: [String: String] = [:]
        ) -> Self {
            section("program", name, command, options)
        }

        /// A tool as a listener, with its own stderr file.
        package static func listener(
            _ tool: Tool, _ arguments: String, events: String, _ options: [String: String] = [:]
        ) -> Self {
            let own = ["events": events, "buffer_size": "1024", "startsecs": "0"]
            return section(
                "eventlistener", tool.rawValue, "\(tool.path) \(arguments)",
                own.merging(options) { _, new in new })
        }

        private static func section(
            _ kind: String, _ name: String, _ command: String, _ options: [String: String]
        ) -> Self {
            let own = ["command": command, "stderr_logfile": "%(here)s/\(name).err"]
            let lines = own.merging(options) { _, new in new }.map { "\($0)=\($1)" }.sorted()
            return Self((["[\(kind):\(name)]"] + lines).joined(separator: "\n"))
        }
    }

    /// A process as supervisord returns it.
    package struct Process: Decodable {
        package let name: String
        package let group: String
        package let statename: String
        package let pid: Int
        package let start: Int
        package let exitstatus: Int
        package let spawnerr: String
    }
}
