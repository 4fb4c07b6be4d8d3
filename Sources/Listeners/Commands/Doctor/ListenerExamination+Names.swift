// Checks the names and patterns of a listener's options.

internal import ListenerProtocol
internal import SupervisorConfiguration

extension ListenerExamination {
    /// Checks whether each matches a process other than the listener itself.
    mutating func examineNames(_ selectors: [ProcessSelector]) {
        let known = KnownProcesses(programs, access)
        for selector in selectors {
            let text = "\(selector.option) \(selector.pattern)"
            let matches = known.names.filter(selector.matches)
            if matches.isEmpty {
                let suggestion = known.suggestion(
                    for: selector.pattern.description, isGroup: selector.isGroup)
                add("names", .warning, "\(text) matches no process: \(suggestion)")
            } else if matches.isSubset(of: known.removed) {
                let names = matches.map(\.description).sorted().joined(separator: ", ")
                add(
                    "names", .warning,
                    "\(text) matches only processes that supervisorctl update removes: \(names)")
            } else if listener.processes.count == 1, matches.isSubset(of: listener.processes) {
                add(
                    "names", .warning,
                    "\(text) matches only this listener, which does not watch itself: name other "
                        + "processes")
            } else {
                let names = matches.map(\.description).sorted().joined(separator: ", ")
                add("names", .ok, "\(text) matches \(names)")
            }
        }
    }
}
