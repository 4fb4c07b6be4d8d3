internal import Text

/// The processes that are restarted first, one for each group.
struct Canaries: Hashable, Sendable {
    /// By group; names are compared byte by byte.
    private var entries: [ExactText: Canary] = [:]

    /// The process of a group that is restarted first; nil for none.
    subscript(group: String) -> Canary? {
        get { entries[ExactText(group)] }
        set { entries[ExactText(group)] = newValue }
    }

    var isEmpty: Bool { entries.isEmpty }

    /// Those of all groups.
    var all: [Canary] { Array(entries.values) }
}
