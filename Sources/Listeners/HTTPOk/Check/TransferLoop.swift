internal import Curl
internal import EventLoop
internal import System

/// Performs many transfers of libcurl at once in a poll loop.
final class TransferLoop {
    private let loop: PollLoop
    private var group: TransferGroup?
    private var watches: [Int32: [PollLoop.Watch]] = [:]
    private var timer: PollLoop.Timer?

    init(_ loop: PollLoop) throws(CurlError) {
        self.loop = loop
        group = try TransferGroup(
            TransferGroup.Loop(
                watch: { [unowned self] socket, forReading, forWriting in
                    watch(socket, forReading: forReading, forWriting: forWriting)
                },
                schedule: { [unowned self] delay in schedule(delay) }))
    }

    /// Starts a request.
    func start(
        _ request: HTTPRequest, receive: @escaping ([UInt8]) -> Bool,
        completion: @escaping (TransferGroup.Outcome) -> Void
    ) throws(CurlError) {
        try group?.start(request, receive: receive, completion: completion)
    }

    private func watch(_ number: Int32, forReading: Bool, forWriting: Bool) {
        watches.removeValue(forKey: number)?.forEach(loop.cancel)
        let socket = Descriptor(rawValue: number)
        var added: [PollLoop.Watch] = []
        if forReading {
            added.append(
                loop.watch(socket, for: .reading) { [unowned self] in
                    group?.resume(number, isReadable: true, isWritable: false)
                })
        }
        if forWriting {
            added.append(
                loop.watch(socket, for: .writing) { [unowned self] in
                    group?.resume(number, isReadable: false, isWritable: true)
                })
        }
        if !added.isEmpty { watches[number] = added }
    }

    private func schedule(_ delay: Duration?) {
        if let timer { loop.cancel(timer) }
        timer = delay.map { loop.after($0) { [unowned self] in group?.resume() } }
    }
}
