internal import ListenerProtocol
internal import SupervisorRPC
internal import Text

/// The time in which no listener of a pool was there, so that nobody reported what happened.
///
/// Listeners of one section (`numprocs=`) share its events: what one of them missed another one got.
/// So the first of them alone looks back, and only at the time in which none was there (Supervisor
/// manual, "Event Listener Pools").
struct ListenerAbsence: Equatable {
    /// When the last one ended, in seconds since 1970; 0 if none had been there.
    let begin: Int

    /// When the first one came back, in seconds since 1970.
    let end: Int

    /// Finds the time out; there is none if it is for another listener of the pool to look.
    ///
    /// - Parameters:
    ///   - own: The listener that asks.
    ///   - infos: All processes.
    ///   - started: When it was started, in seconds since 1970.
    init?(of own: ProcessName, among infos: [ProcessInfo], startedAt started: Int) {
        let pool = infos.filter { $0.group.isExactly(own.group) }
        let others = pool.filter { info in
            info.namespec != own && [.starting, .running].contains(info.state)
        }
        let isFirst = others.allSatisfy {
            own.name.utf8.lexicographicallyPrecedes($0.name.utf8)
        }
        guard isFirst else { return nil }
        begin = pool.map(\.stop).max() ?? 0
        end = others.map(\.start).reduce(started, min)
    }

    /// Whether a moment lies in that time.
    func contains(_ time: Int) -> Bool { begin <= time && time <= end }
}
