/// The action for a process that fails its checks.
enum RestartAction: String, Hashable, Sendable, CaseIterable {
    /// Stop and start it.
    case restart
    /// Stop it, and leave it STOPPED.
    case stop
    /// Only send an alert.
    case alert
}

extension RestartAction {
    /// Parses the name of an action.
    ///
    /// - Throws: `UsageError` for anything else.
    init(_ value: OptionValue) throws(UsageError) {
        guard let action = RestartAction(rawValue: value.text) else {
            throw SpecificationReader(value).error(requiring: "restart, stop or alert", at: 0)
        }
        self = action
    }
}
