// What is done about a process that fails its checks.

/// What is done about a process that fails its checks.
enum RestartAction: String, Hashable, Sendable, CaseIterable {
    /// It is stopped and started.
    case restart
    /// It is stopped, and left STOPPED.
    case stop
    /// An alert is sent; nothing else.
    case alert
}

extension RestartAction {
    /// Reads the name of an action.
    ///
    /// - Throws: `UsageError` for anything else.
    init(_ value: OptionValue) throws(UsageError) {
        guard let action = RestartAction(rawValue: value.text) else {
            throw SpecificationReader(value).error(wanting: "restart, stop or alert", at: 0)
        }
        self = action
    }
}
