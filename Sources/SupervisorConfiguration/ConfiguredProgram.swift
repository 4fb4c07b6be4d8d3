// A program as supervisord's configuration has it.

package import ListenerProtocol

/// A program, or an event listener, as supervisord's configuration has it.
package struct ConfiguredProgram {
    /// Its section.
    package let section: ConfigurationSection

    /// The name of its group.
    package let group: String

    /// Its processes.
    package let processes: [ProcessName]

    /// The words of its first process's command line; nothing if there are none.
    package let command: [String]?

    /// What `environment=` of its section adds to the environment of its first process.
    package let environment: [String: String]

    /// The settings, expanded, but for command, environment and process_name.
    package let settings: [String: String]

    /// Whether it is an event listener.
    package var isListener: Bool { section.kind == "eventlistener" }
}
