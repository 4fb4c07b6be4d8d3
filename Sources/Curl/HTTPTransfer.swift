// What libcurl's callbacks share while an HTTP request is performed.

internal import CCurl

/// One request on its way: collects the answer's head and passes the body on.
final class HTTPTransfer {
    private let limit: Int?
    private let receive: ([UInt8]) -> Bool
    private var head = HTTPHead()
    private var received = 0
    private var stop: Stop?

    /// Why the body's receiver ended the transfer, which libcurl reports as a write error.
    private enum Stop { case enough, tooLarge }

    init(limit: Int?, receive: @escaping ([UInt8]) -> Bool) {
        self.limit = limit
        self.receive = receive
    }

    /// Performs the request; the callbacks find this object through the pointer they are given.
    func run(_ request: HTTPRequest) throws(CurlError) -> HTTPResponse {
        let handle = try EasyHandle(
            protocols: CCURL_PROTOCOLS_HTTP, timeout: request.timeout,
            authorities: request.authorities)
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
            transfer.head.read(line: unsafe String(decoding: bytes, as: UTF8.self))
            return size * count
        }
        do {
            try handle.perform()
        } catch {
            switch stop {
            case .enough: break
            case .tooLarge:
                throw CurlError(
                    code: .filesizeExceeded,
                    message: "the answer is larger than \(limit ?? 0) bytes")
            case nil: throw error
            }
        }
        return HTTPResponse(status: head.status, reason: head.reason, fields: head.fields)
    }

    private static func configure(
        _ handle: EasyHandle, _ request: HTTPRequest
    ) throws(CurlError) {
        try handle.set(CURLOPT_URL, request.url)
        try handle.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        try handle.set(CURLOPT_FOLLOWLOCATION, 0)
        var lines = request.fields.map {
            // A name alone followed by a colon takes the field away, by a semicolon sends it empty.
            $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)"
        }
        if request.method == .post {
            try handle.set(CURLOPT_POST, 1)
            try handle.set(CURLOPT_POSTFIELDSIZE_LARGE, offset: request.body.count)
            try handle.set(CURLOPT_COPYPOSTFIELDS, bytes: request.body)
            // Waiting a second for "100 Continue" is of no use to anyone here.
            lines.append("Expect:")
        }
        try handle.set(CURLOPT_HTTPHEADER, list: lines)
        if let path = request.unixSocketPath { try handle.set(CURLOPT_UNIX_SOCKET_PATH, path) }
        if let agent = request.userAgent { try handle.set(CURLOPT_USERAGENT, agent) }
        if let login = request.credentials {
            try handle.set(CURLOPT_USERNAME, login.user)
            try handle.set(CURLOPT_PASSWORD, login.password)
        }
    }

    /// Passes a chunk on; false ends the transfer.
    private func take(_ chunk: [UInt8]) -> Bool {
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
