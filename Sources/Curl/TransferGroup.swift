// Many requests at once, in somebody else's wait.

internal import CCurl

/// Performs many requests at once, in the wait of an event loop (libcurl-multi(3)).
///
/// Nothing here blocks: the loop watches the sockets that it is told of, and calls back.
@safe
public final class TransferGroup {
    /// How to ask the event loop for something.
    public struct Loop {
        let watch: (Int32, Bool, Bool) -> Void
        let schedule: (Duration?) -> Void

        /// Describes an event loop.
        ///
        /// - Parameters:
        ///   - watch: Watches a socket for reading and for writing from now on, or for neither;
        ///     ``TransferGroup/resume(_:isReadable:isWritable:)`` is to be called.
        ///   - schedule: Calls ``TransferGroup/resume()`` once after a while, and forgets an
        ///     earlier wish; nil is no wish.
        public init(
            watch: @escaping (_ socket: Int32, _ forReading: Bool, _ forWriting: Bool) -> Void,
            schedule: @escaping (Duration?) -> Void
        ) {
            self.watch = watch
            self.schedule = schedule
        }
    }

    /// How a request ended.
    public typealias Outcome = Result<HTTPResponse, CurlError>

    private let multi: UnsafeMutableRawPointer
    private let loop: Loop
    private var transfers: [(transfer: HTTPTransfer, completion: (Outcome) -> Void)] = []

    /// Makes a group without requests.
    ///
    /// - Parameter loop: The event loop.
    /// - Throws: `CurlError` when libcurl is missing.
    public init(_ loop: Loop) throws(CurlError) {
        if let reason = unsafe ccurl_open() {
            throw CurlError(code: .failedInit, message: unsafe String(cString: reason))
        }
        guard let multi = unsafe ccurl_multi_init() else {
            throw CurlError(code: .failedInit, message: "libcurl gives no handle")
        }
        unsafe self.multi = unsafe multi
        self.loop = loop
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        let code = unsafe ccurl_multi_setcallbacks(
            multi,
            { _, socket, what, context, _ in
                let wish = CInt(what)
                unsafe TransferGroup.of(context)?.loop.watch(
                    socket, wish == CURL_POLL_IN || wish == CURL_POLL_INOUT,
                    wish == CURL_POLL_OUT || wish == CURL_POLL_INOUT)
                return 0
            },
            { _, milliseconds, context in
                unsafe TransferGroup.of(context)?.loop.schedule(
                    milliseconds < 0 ? nil : .milliseconds(milliseconds))
                return 0
            }, context)
        if let error = Self.error(code) { throw error }
    }

    deinit {
        for entry in transfers {
            _ = unsafe ccurl_multi_remove_handle(multi, entry.transfer.handle.pointer)
        }
        unsafe ccurl_multi_cleanup(multi)
    }

    /// Begins a request.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - receive: Takes a chunk of the body and says whether it wants more; when it does not, the
    ///     connection is closed and the request has ended well.
    ///   - completion: Called once with the answer without its body, or why there is none.
    /// - Throws: `CurlError` for what libcurl refuses at once.
    public func start(
        _ request: HTTPRequest, receive: @escaping ([UInt8]) -> Bool,
        completion: @escaping (Outcome) -> Void
    ) throws(CurlError) {
        let transfer = try HTTPTransfer(request, receive: receive)
        let code = unsafe ccurl_multi_add_handle(multi, transfer.handle.pointer)
        if let error = Self.error(code) { throw error }
        transfers.append((transfer, completion))
    }

    /// Goes on with a socket that is ready.
    ///
    /// - Parameters:
    ///   - socket: The socket.
    ///   - isReadable: Whether there is something to be read.
    ///   - isWritable: Whether there is room to write.
    public func resume(_ socket: Int32, isReadable: Bool, isWritable: Bool) {
        var events: CInt = 0
        if isReadable { events |= CInt(CURL_CSELECT_IN) }
        if isWritable { events |= CInt(CURL_CSELECT_OUT) }
        _ = unsafe ccurl_multi_socket_action(multi, socket, events)
        completeTransfers()
    }

    /// Goes on after the time that was wished for.
    public func resume() {
        _ = unsafe ccurl_multi_socket_action(multi, CCURL_SOCKET_TIMEOUT, 0)
        completeTransfers()
    }

    private func completeTransfers() {
        var code = CURLE_OK
        while let handle = unsafe ccurl_multi_next_done(multi, &code) {
            let index = transfers.firstIndex { unsafe $0.transfer.handle.pointer == handle }
            guard let index else { continue }
            let (transfer, completion) = transfers.remove(at: index)
            let outcome = Outcome { () throws(CurlError) in try transfer.answer(code) }
            _ = unsafe ccurl_multi_remove_handle(multi, handle)
            completion(outcome)
        }
    }

    private static func error(_ code: CURLMcode) -> CurlError? {
        guard code != CURLM_OK else { return nil }
        let text = unsafe String(cString: ccurl_multi_strerror(code))
        return CurlError(code: .failedInit, message: text)
    }

    @unsafe
    private static func of(_ context: UnsafeMutableRawPointer?) -> TransferGroup? {
        guard let context = unsafe context else { return nil }
        return unsafe Unmanaged<TransferGroup>.fromOpaque(context).takeUnretainedValue()
    }
}
