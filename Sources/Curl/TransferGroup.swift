internal import CCurl

/// Performs many requests at once in an event loop (libcurl-multi(3)).
///
/// Nothing here blocks: the event loop watches the sockets and calls back.
@safe
public final class TransferGroup {
    /// The functions of the event loop.
    public struct Loop {
        let watch: (Int32, Bool, Bool) -> Void
        let schedule: (Duration?) -> Void

        /// Creates the functions.
        ///
        /// - Parameters:
        ///   - watch: Watches a socket for reading and for writing from now on, or for neither;
        ///     when it is ready, the loop calls ``TransferGroup/resume(_:isReadable:isWritable:)``.
        ///   - schedule: Calls ``TransferGroup/resume()`` once after a delay, which replaces an
        ///     earlier one; nil cancels it.
        public init(
            watch: @escaping (_ socket: Int32, _ forReading: Bool, _ forWriting: Bool) -> Void,
            schedule: @escaping (Duration?) -> Void
        ) {
            self.watch = watch
            self.schedule = schedule
        }
    }

    /// The result of a request.
    public typealias Outcome = Result<HTTPResponse, CurlError>

    private let multi: UnsafeMutableRawPointer
    private let loop: Loop
    private var transfers: [(transfer: HTTPTransfer, completion: (Outcome) -> Void)] = []

    /// Creates a group without requests.
    ///
    /// - Parameter loop: The event loop.
    /// - Throws: `CurlError` when libcurl is missing.
    public init(_ loop: Loop) throws(CurlError) {
        if let reason = unsafe ccurl_open() {
            throw CurlError(code: .failedInit, message: unsafe String(cString: reason))
        }
        guard let multi = unsafe ccurl_multi_init() else {
            throw CurlError(code: .failedInit, message: "libcurl returned no handle")
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

    /// Starts a request.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - receive: Receives a chunk of the body and returns whether to continue; false closes the
    ///     connection and completes the request successfully.
    ///   - completion: Called once with the response without its body, or with the error.
    /// - Throws: `CurlError` for options that libcurl rejects.
    public func start(
        _ request: HTTPRequest, receive: @escaping ([UInt8]) -> Bool,
        completion: @escaping (Outcome) -> Void
    ) throws(CurlError) {
        let transfer = try HTTPTransfer(request, receive: receive)
        let code = unsafe ccurl_multi_add_handle(multi, transfer.handle.pointer)
        if let error = Self.error(code) { throw error }
        transfers.append((transfer, completion))
    }

    /// Continues when a socket is ready.
    ///
    /// - Parameters:
    ///   - socket: The socket.
    ///   - isReadable: Whether it is readable.
    ///   - isWritable: Whether it is writable.
    public func resume(_ socket: Int32, isReadable: Bool, isWritable: Bool) {
        var events: CInt = 0
        if isReadable { events |= CInt(CURL_CSELECT_IN) }
        if isWritable { events |= CInt(CURL_CSELECT_OUT) }
        _ = unsafe ccurl_multi_socket_action(multi, socket, events)
        completeTransfers()
    }

    /// Continues when the scheduled delay has passed.
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
