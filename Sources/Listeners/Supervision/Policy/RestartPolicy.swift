/// When a process that fails its checks is restarted, and when it is not.
///
/// The default is superlance's behavior: one failure is enough, at any time and any number of
/// times, except that only one process of a group is restarted at a time.
struct RestartPolicy: Sendable {
    /// How many checks must fail.
    var threshold = FailureThreshold.one
    /// The seconds after its start during which failures of a process do not count.
    var startPeriod = 0
    /// Whether the first success ends the start period.
    var successEndsStartPeriod = false
    /// The restart limit; nil for none.
    var limit: RestartLimit?
    /// The action.
    var action = RestartAction.restart
    /// How many processes of a group may be down because of us.
    var maxUnavailable = 1
    /// Whether processes that serve the same site are restarted one after the other, regardless of
    /// their groups.
    var isSequential = false
    /// The signal before the stop.
    var presignal: Presignal?
    /// The command before the stop; it may postpone the restart.
    var before: [String] = []
    /// The command after the start.
    var after: [String] = []
    /// When restarts are allowed; nil for always.
    var window: RestartWindow?
    /// The path of the silence file.
    var silenceFile: String?
    /// The interval of repeated alerts in seconds.
    var reminder = 3_600
    /// Whether to send no signals, run no commands, and stop and start nothing.
    var isDryRun = false

    /// Whether it may leave a process alone that has failed often enough.
    var mayLeaveAlone: Bool {
        action != .restart || window != nil || !before.isEmpty || limit != nil
    }

    /// The maximum number of concurrent restarts, regardless of their groups.
    static let concurrency = 8

    /// superlance's policy, except for groups.
    init() {}
}
