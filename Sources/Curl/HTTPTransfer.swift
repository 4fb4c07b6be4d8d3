internal import CCurl
internal import System

/// The state of one request, shared with libcurl's callbacks.
final class HTTPTransfer {
    let handle: EasyHandle
    private let limit: Int?
    private let receive: ([UInt8]) -> Bool
    private var head = HTTPHead()
    private var received = 0
    private var stop: Stop?
    private let bodyTimeout: Duration?
    /// When the final status line arrived.
    private var begin: Instant?

    /// Why a callback stopped the transfer, which libcurl does not know.
    private enum Stop { case enough, tooLarge, notHTTP }

    /// Prepares a request; the callbacks find this object through their user pointer.
    init(_ request: HTTPRequest, receive: @escaping ([UInt8]) -> Bool) throws(CurlError) {
        limit = request.bodyLimit
        bodyTimeout = request.bodyTimeout
        self.receive = receive
        handle = try EasyHandle(
            protocols: CCURL_PROTOCOLS_HTTP, timeout: request.timeout,
            authorities: request.authorities, verifiesServer: request.verifiesServer)
        try Self.configure(handle, request)
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        try unsafe handle.set(CURLOPT_WRITEDATA, pointer: context)
        try unsafe handle.set(CURLOPT_WRITEFUNCTION) { data, size, count, context in
            guard let transfer = unsafe HTTPTransfer.of(context), let data = unsafe data else {
                return 0
            }
            let bytes = unsafe UnsafeRawBufferPointer(start: data, count: size * count)
            return transfer.take(unsafe [UInt8](bytes)) ? size * count : 0
        }
        try unsafe handle.set(CURLOPT_HEADERDATA, pointer: context)
        try unsafe handle.set(CURLOPT_HEADERFUNCTION) { data, size, count, context in
            guard let transfer = unsafe HTTPTransfer.of(context), let data = unsafe data else {
                return 0
            }
            let bytes = unsafe UnsafeRawBufferPointer(start: data, count: size * count)
            transfer.head.read(line: unsafe [UInt8](bytes))
            if transfer.head.status >= 200 { transfer.begin = transfer.begin ?? .now }
            return size * count
        }
        guard bodyTimeout != nil else { return }
        try unsafe handle.set(CURLOPT_XFERINFODATA, pointer: context)
        try unsafe handle.setProgress { context, _, _, _, _ in
            guard let transfer = unsafe HTTPTransfer.of(context), let begin = transfer.begin,
                let time = transfer.bodyTimeout, begin + time <= .now
            else { return 0 }
            transfer.stop = .enough
            return 1
        }
    }

    /// Performs the request, and blocks until it ends.
    func perform() throws(CurlError) -> HTTPResponse {
        try answer(handle.complete())
    }

    /// Returns the response, or throws the error.
    ///
    /// - Parameter code: libcurl's result of the transfer.
    /// - Returns: The response without its body.
    /// - Throws: `CurlError` when there is no complete response.
    func answer(_ code: CURLcode) throws(CurlError) -> HTTPResponse {
        if let error = handle.error(of: code) {
            switch stop {
            case .enough: break
            case .tooLarge:
                throw CurlError(
                    code: .filesizeExceeded,
                    message: "the response is larger than \(limit ?? 0) bytes")
            case .notHTTP: throw .notHTTP
            case nil:
                let isSufficient = bodyTimeout != nil && begin != nil
                guard isSufficient, handle.number(CURLINFO_RESPONSE_CODE) > 0 else { throw error }
            }
        }
        return HTTPResponse(
            status: handle.number(CURLINFO_RESPONSE_CODE), reason: head.reason,
            fields: head.fields, redirect: handle.text(CURLINFO_REDIRECT_URL),
            certificateEnd: CertificateDate.end(in: handle.certificateLines))
    }

    /// Passes on a chunk; returning false stops the transfer.
    private func take(_ chunk: [UInt8]) -> Bool {
        guard head.status > 0 else {
            // Its beginning is all that matters.
            _ = receive(chunk)
            stop = .notHTTP
            return false
        }
        received += chunk.count
        if let limit, received > limit {
            stop = .tooLarge
            return false
        }
        if receive(chunk) { return true }
        stop = .enough
        return false
    }

    @unsafe
    private static func of(_ context: UnsafeMutableRawPointer?) -> HTTPTransfer? {
        guard let context = unsafe context else { return nil }
        return unsafe Unmanaged<HTTPTransfer>.fromOpaque(context).takeUnretainedValue()
    }
}
