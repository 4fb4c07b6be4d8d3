// Sets libcurl's options for a request.

internal import CCurl

extension HTTPTransfer {
    /// Sets a handle's options for a request.
    static func configure(_ handle: EasyHandle, _ request: HTTPRequest) throws(CurlError) {
        try handle.set(CURLOPT_URL, request.url)
        try handle.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        // An answer without a status line is recognized here: libcurl would hide its bytes. Releases
        // without the option accept it, too (before 7.64).
        _ = try? handle.set(CURLOPT_HTTP09_ALLOWED, 1)
        try handle.set(CURLOPT_FOLLOWLOCATION, 0)
        // A reused connection would not show whether the server accepts new ones.
        try handle.set(CURLOPT_FRESH_CONNECT, 1)
        try handle.set(CURLOPT_FORBID_REUSE, 1)
        try setMethod(handle, request)
        var lines = request.fields.map {
            // In libcurl's syntax, a colon after the name removes the field, and a semicolon sends
            // it empty.
            $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)"
        }
        // Suppresses "Expect: 100-continue", which would delay each request by up to a second.
        if hasBody(request) { lines.append("Expect:") }
        try handle.set(CURLOPT_HTTPHEADER, list: lines)
        if let path = request.unixSocketPath { try handle.set(CURLOPT_UNIX_SOCKET_PATH, path) }
        if let agent = request.userAgent { try handle.set(CURLOPT_USERAGENT, agent) }
        if let time = request.connectTimeout {
            try handle.set(CURLOPT_CONNECTTIMEOUT_MS, EasyHandle.milliseconds(time))
        }
        if let login = request.credentials {
            try handle.set(CURLOPT_USERNAME, login.user)
            try handle.set(CURLOPT_PASSWORD, login.password)
        }
        if let file = request.clientCertificate { try handle.set(CURLOPT_SSLCERT, file) }
        if let file = request.clientKey { try handle.set(CURLOPT_SSLKEY, file) }
        if request.wantsCertificate { try handle.set(CURLOPT_CERTINFO, 1) }
        if request.onlyConnects { try handle.set(CURLOPT_CONNECT_ONLY, 1) }
    }

    private static func setMethod(
        _ handle: EasyHandle, _ request: HTTPRequest
    ) throws(CurlError) {
        if hasBody(request) {
            try handle.set(CURLOPT_POST, 1)
            try handle.set(CURLOPT_POSTFIELDSIZE_LARGE, offset: request.body.count)
            try handle.set(CURLOPT_COPYPOSTFIELDS, bytes: request.body)
        }
        switch request.method {
        case .get where hasBody(request): try handle.set(CURLOPT_CUSTOMREQUEST, "GET")
        case .get, .post: break
        case .head: try handle.set(CURLOPT_NOBODY, 1)
        case .other(let name): try handle.set(CURLOPT_CUSTOMREQUEST, name)
        }
    }

    private static func hasBody(_ request: HTTPRequest) -> Bool {
        request.method == .post || !request.body.isEmpty
    }
}
