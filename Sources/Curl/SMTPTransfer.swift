internal import CCurl

/// The state of one message transfer, shared with libcurl's callbacks.
final class SMTPTransfer {
    private let server: SMTPServer
    private let message: [UInt8]
    private var dialogue: SMTPDialogue
    private var taken = 0

    /// The timeout for the reply to QUIT in seconds: by then the delivery status is known.
    private static let farewell = 2

    init(server: SMTPServer, message: [UInt8]) {
        self.server = server
        self.message = message
        dialogue = SMTPDialogue(isEncrypted: server.security == .implicitTLS)
    }

    /// Sends the message.
    func run(from sender: String, to recipients: [String], timeout: Duration) -> [SMTPReceipt] {
        // An address with a line break would inject a command, and without recipients libcurl sends
        // HELP instead of a message.
        let isClean = recipients.map { !$0.isEmpty && $0.utf8.allSatisfy { $0 >= 32 && $0 != 127 } }
        let named = zip(recipients, isClean).filter(\.1).map(\.0)
        var error: CurlError?
        if !named.isEmpty {
            do {
                try perform(from: sender, to: named, timeout: timeout)
            } catch let failure {
                error = failure
            }
        }
        let judge = SMTPJudge(server: server, dialogue: dialogue, error: error)
        var index = 0
        return zip(recipients, isClean).map { recipient, isClean in
            guard isClean else {
                return SMTPReceipt(
                    recipient: recipient,
                    status: .refused(reason: "the address is empty or has a control character"))
            }
            defer { index += 1 }
            return SMTPReceipt(recipient: recipient, status: judge.status(onRecipient: index))
        }
    }

    /// Connects, encrypts and logs in, but sends nothing.
    ///
    /// - Parameter timeout: The timeout for the whole probe.
    /// - Returns: What failed; nil if nothing did.
    func probe(timeout: Duration) -> String? {
        do throws(CurlError) {
            let handle = try handle(timeout: timeout)
            // Without recipients libcurl sends this command instead of a message; it has no effect.
            try handle.set(CURLOPT_CUSTOMREQUEST, "NOOP")
            try handle.set(CURLOPT_NOBODY, 1)
            try listen(to: handle)
            try handle.perform()
        } catch {
            return "\(server): \(error)"
        }
        guard server.credentials == nil || dialogue.isLoggedIn else {
            return "\(server) offers no login"
        }
        return nil
    }

    /// Creates a handle with the options that do not depend on a message.
    private func handle(timeout: Duration) throws(CurlError) -> EasyHandle {
        guard let url = server.url else {
            throw CurlError(code: .urlMalformat, message: "this is no host name and port")
        }
        let handle = try EasyHandle(
            protocols: CCURL_PROTOCOLS_SMTP, timeout: timeout, authorities: server.authorities)
        try handle.set(CURLOPT_URL, url)
        if server.security == .startTLS {
            try handle.set(CURLOPT_USE_SSL, Int(CURLUSESSL_ALL.rawValue))
        }
        if let login = server.credentials {
            try handle.set(CURLOPT_USERNAME, login.user)
            try handle.set(CURLOPT_PASSWORD, login.password)
            // The mechanisms that use a name and a password. Otherwise libcurl would try Kerberos
            // first if the user name is an address.
            try handle.set(CURLOPT_LOGIN_OPTIONS, "AUTH=CRAM-MD5;AUTH=PLAIN;AUTH=LOGIN")
        }
        return handle
    }

    private func perform(
        from sender: String, to recipients: [String], timeout: Duration
    ) throws(CurlError) {
        let handle = try handle(timeout: timeout)
        try handle.set(CURLOPT_MAIL_FROM, sender)
        try handle.set(CURLOPT_MAIL_RCPT, list: recipients)
        try handle.set(CCURL_OPT_MAIL_RCPT_ALLOWFAILS, 1)
        try handle.set(CURLOPT_UPLOAD, 1)
        try handle.set(CURLOPT_INFILESIZE_LARGE, offset: message.count)
        // Otherwise the connection would be closed when the handle is freed, where no timeout
        // applies.
        try handle.set(CURLOPT_FORBID_REUSE, 1)
        try listen(to: handle)
        try handle.perform()
    }

    /// Sets the callbacks; they find this object through their user pointer.
    private func listen(to handle: EasyHandle) throws(CurlError) {
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        try unsafe handle.set(CURLOPT_READDATA, pointer: context)
        try unsafe handle.setRead { buffer, size, count, context in
            guard let transfer = unsafe SMTPTransfer.of(context), let buffer = unsafe buffer else {
                return Int(CURL_READFUNC_ABORT)
            }
            return unsafe transfer.give(
                UnsafeMutableRawBufferPointer(
                    start: buffer, count: size * count))
        }
        try unsafe handle.set(CURLOPT_DEBUGDATA, pointer: context)
        try unsafe handle.setDebug { handle, kind, data, count, context in
            if let transfer = unsafe SMTPTransfer.of(context), let handle = unsafe handle {
                unsafe transfer.hear(
                    kind, UnsafeRawBufferPointer(start: data, count: count), handle)
            }
            return 0
        }
        try unsafe handle.set(CURLOPT_XFERINFODATA, pointer: context)
        try unsafe handle.setProgress { context, _, _, _, _ in
            guard let transfer = unsafe SMTPTransfer.of(context) else { return 1 }
            return transfer.isMissingLogin ? 1 : 0
        }
    }

    /// Whether the message would be sent without the required login.
    private var isMissingLogin: Bool {
        server.credentials != nil && dialogue.lacksLogin(encrypting: server.security == .startTLS)
    }

    private func hear(
        _ kind: curl_infotype, _ bytes: UnsafeRawBufferPointer, _ handle: UnsafeMutableRawPointer
    ) {
        switch kind {
        case CURLINFO_HEADER_IN: unsafe dialogue.received(bytes)
        case CURLINFO_HEADER_OUT:
            unsafe dialogue.sent(bytes)
            if dialogue.stage == .goodbye {
                _ = unsafe ccurl_setopt_long(
                    handle, CURLOPT_SERVER_RESPONSE_TIMEOUT, Self.farewell)
            }
        default: break
        }
    }

    private func give(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
        // All known versions of libcurl call the progress callback first; this check does not
        // depend on it.
        guard server.credentials == nil || dialogue.isLoggedIn else {
            return Int(CURL_READFUNC_ABORT)
        }
        let chunk = message[taken...].prefix(buffer.count)
        unsafe buffer.copyBytes(from: chunk)
        taken += chunk.count
        return chunk.count
    }

    @unsafe
    private static func of(_ context: UnsafeMutableRawPointer?) -> SMTPTransfer? {
        guard let context = unsafe context else { return nil }
        return unsafe Unmanaged<SMTPTransfer>.fromOpaque(context).takeUnretainedValue()
    }
}
