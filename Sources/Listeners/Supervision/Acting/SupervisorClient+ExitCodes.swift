// The exit statuses with which processes may end.

internal import ListenerProtocol
internal import SupervisorRPC

extension SupervisorClient {
    /// The `exitcodes=` of all processes; empty if supervisord does not return them.
    func exitCodes() -> [ProcessName: [Int]] {
        let all = (try? call("supervisor.getAllConfigInfo"))?.array ?? []
        let pairs = all.compactMap { config -> (ProcessName, [Int])? in
            guard let name = config["name"]?.string, let codes = config["exitcodes"]?.array else {
                return nil
            }
            let group = config["group"]?.string ?? name
            return (ProcessName(group: group, name: name), codes.compactMap(\.int))
        }
        return Dictionary(pairs) { $1 }
    }
}
