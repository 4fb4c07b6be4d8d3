package import ListenerProtocol

/// A program or event listener in supervisord's configuration.
package struct ConfiguredProgram {
    /// Its section.
    package let section: ConfigurationSection

    /// The name of its group.
    package let group: String

    /// Its processes.
    package let processes: [ProcessName]

    /// The words of the first process's command line; nil if they cannot be determined.
    package let command: [String]?

    /// The variables that `environment=` adds for the first process.
    package let environment: [String: String]

    /// The expanded settings, except command, environment and process_name.
    package let settings: [String: String]

    /// Whether it is an event listener.
    package var isListener: Bool { section.kind == "eventlistener" }

    /// Whether a setting such as `autostart` is off.
    package func disables(_ setting: String) -> Bool {
        ["false", "off", "no", "0"].contains(settings[setting]?.lowercased())
    }
}
