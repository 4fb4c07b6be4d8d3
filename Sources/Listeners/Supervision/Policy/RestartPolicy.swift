// When a process is restarted, and when it is not.

/// When a process that fails its checks is restarted, and when it is not.
///
/// Without any option it is superlance's: one failure is enough, at any time, as often as one likes;
/// but one process of a group at a time.
struct RestartPolicy: Sendable {
    /// How many checks must fail.
    var threshold = FailureThreshold.one
    /// For how many seconds after its start the failures of a process do not count.
    var startPeriod = 0
    /// Whether the first success ends the start period.
    var successEndsStartPeriod = false
    /// How many restarts are allowed; nothing for as many as one likes.
    var limit: RestartLimit?
    /// What is done.
    var action = RestartAction.restart
    /// How many processes of a group may be down through us.
    var maxUnavailable = 1
    /// Whether those that fail the same check are restarted one after the other, whatever their
    /// groups.
    var isSequential = false
    /// What a process gets before it is stopped.
    var presignal: Presignal?
    /// A command before the stop; it may refuse.
    var before: [String] = []
    /// A command after the start.
    var after: [String] = []
    /// When restarts are allowed; nothing for always.
    var window: RestartWindow?
    /// The file that silences.
    var silenceFile: String?
    /// How often an alert about a lasting condition is repeated, in seconds.
    var reminder = 3_600
    /// Whether signals, commands, stops and starts are left out.
    var isDryRun = false

    /// The most restarts at once, whatever their groups.
    static let concurrency = 8

    /// superlance's, but for the groups.
    init() {}
}
