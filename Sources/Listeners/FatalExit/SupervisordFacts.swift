internal import EventLoop
internal import Glibc
internal import ListenerProtocol
internal import SupervisorConfiguration
internal import System

/// Facts about listeners from supervisord's configuration: neither events nor the RPC distinguish
/// listeners from programs.
///
/// The configuration is that of supervisord's process, found by its command line, working directory
/// and environment in `/proc`. This process has inherited that environment, in case it is hidden.
///
/// Runs in a worker.
struct SupervisordFacts: WorkerRecord {
    static let recordName = "supervisord"

    /// The groups of all listeners.
    let listenerGroups: Set<String>

    /// The events that the listener's own section subscribes to; nil if unknown.
    let events: [EventName]?

    /// The timeout for reading.
    static let deadline = Duration.seconds(5)

    init?(fields: [String]) {
        guard let count = fields.first.flatMap({ Int($0) }), count >= 0, count < fields.count else {
            return nil
        }
        listenerGroups = Set(fields.dropFirst().prefix(count))
        let events = fields[(count + 1)...].map { EventName(rawValue: $0) }
        self.events = events.isEmpty ? nil : events
    }

    var fields: [String] {
        ["\(listenerGroups.count)"] + listenerGroups.sorted()
            + (events ?? []).map(\.rawValue)
    }

    /// Reads the configuration.
    ///
    /// - Parameters:
    ///   - supervisord: The process identifier of supervisord.
    ///   - own: The listener itself.
    init?(supervisord: pid_t, own: ProcessName?) {
        let process = RunningSupervisord(supervisord, inherited: OwnEnvironment.variables)
        guard let process, let path = process.configuration else { return nil }
        let configuration = SupervisorConfiguration(path: path, environment: process.environment)
        // Its own section does not name listeners, and may use variables that are hidden.
        guard configuration.mistakes.allSatisfy({ $0.section == "supervisord" }) else { return nil }
        listenerGroups = configuration.listenerGroups
        let section = own.flatMap { configuration["eventlistener:\($0.group)"] }
        // A configuration without this listener is not the one that supervisord runs with: files of
        // [include] cannot be read, or it has been changed since.
        guard own == nil ? !listenerGroups.isEmpty : section != nil else { return nil }
        events = section?.settings["events"].map { setting in
            setting.text.split { ", \n".contains($0) }.map {
                EventName(rawValue: $0.uppercased())
            }
        }
    }
}
