internal import ListenerProtocol
internal import SupervisorRPC
internal import Text

/// The time during which no listener of a pool was running, so that incidents were not reported.
///
/// Listeners of one section (`numprocs=`) share its events: while one of them is down, another one
/// gets them. Therefore only the first listener of the pool reports missed incidents, and only for
/// the time during which none was running (Supervisor manual, "Event Listener Pools").
struct ListenerAbsence: Equatable {
    /// When the last listener ended, in seconds since 1970; 0 if none has run before.
    let begin: Int

    /// When the first listener was started again, in seconds since 1970.
    let end: Int

    /// Determines the time; nil if another listener of the pool is responsible.
    ///
    /// - Parameters:
    ///   - own: This listener.
    ///   - infos: All processes.
    ///   - started: When this listener was started, in seconds since 1970.
    init?(of own: ProcessName, among infos: [SupervisedProcess], startedAt started: Int) {
        let pool = infos.filter { $0.group.isExactly(own.group) }
        let others = pool.filter { info in
            info.processName != own && [.starting, .running].contains(info.state)
        }
        let isFirst = others.allSatisfy {
            own.name.utf8.lexicographicallyPrecedes($0.name.utf8)
        }
        guard isFirst else { return nil }
        begin = pool.map(\.stop).max() ?? 0
        end = others.map(\.start).reduce(started, min)
    }

    /// Whether a time is within the absence.
    func contains(_ time: Int) -> Bool { begin <= time && time <= end }
}
