internal import EventLoop

/// Reports that a worker has ended in good order without having done its work, because supervisord
/// did not answer for instance.
///
/// The tick that started it gets no heartbeat: a listener that is blind is not well.
struct UnfinishedRecord: WorkerRecord {
    static let recordName = "unfinished"

    var fields: [String] { [] }

    init() {}

    init?(fields: [String]) {}
}
