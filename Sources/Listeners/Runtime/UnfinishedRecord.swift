internal import EventLoop

/// Reports that a worker exited normally without completing its work, for example because
/// supervisord did not respond.
///
/// The tick then does not call the heartbeat: a listener that cannot check anything is not healthy.
struct UnfinishedRecord: WorkerRecord {
    static let recordName = "unfinished"

    var fields: [String] { [] }

    init() {}

    init?(fields: [String]) {}
}
