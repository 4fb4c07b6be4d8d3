internal import CCurl

/// The state of one message transfer, shared with libcurl's callbacks.
final class SMTPTransfer {
    private let server: SMTPServer
    private let message: [UInt8]
    private let timeouts: SMTPTimeouts
    /// The mechanisms by which a login may be tried, in libcurl's order.
    private let mechanisms: [String]
    private var dialogue: SMTPDialogue
    private var taken = 0
    private var isConnected = false
    /// Set for as long as libcurl calls back.
    private var handle: EasyHandle?

    /// Those that a name and a password are for, the safest first.
    static let allMechanisms = ["CRAM-MD5", "PLAIN", "LOGIN"]

    init(
        server: SMTPServer, message: [UInt8], timeouts: SMTPTimeouts,
        mechanisms: [String] = allMechanisms
    ) {
        self.server = server
        self.message = message
        self.timeouts = timeouts
        self.mechanisms = mechanisms
        dialogue = SMTPDialogue(isEncrypted: server.security == .implicitTLS)
    }

    /// The mechanisms that are left after the server has refused a login by one of them; none if it
    /// has refused no login, or offers no other.
    var otherMechanisms: [String] {
        guard let tried = dialogue.triedLogin, dialogue.rejectedStage == .login,
            dialogue.rejection?.code ?? 0 >= 400
        else { return [] }
        let offered = (dialogue.offeredLogins ?? "").uppercased().split(separator: " ")
        return mechanisms.filter { $0 != tried && offered.contains(Substring($0)) }
    }

    /// Hands the message over.
    func run(from sender: String, to recipients: [String]) -> [SMTPReceipt] {
        // An address with a line break would be a command of its own, and without recipients
        // libcurl would ask for help instead of sending.
        let isClean = recipients.map { !$0.isEmpty && $0.utf8.allSatisfy { $0 >= 32 && $0 != 127 } }
        let named = zip(recipients, isClean).filter(\.1).map(\.0)
        var error: CurlError?
        if !named.isEmpty {
            do {
                try perform(from: sender, to: named)
            } catch let failure {
                error = failure
            }
        }
        let rules = SMTPStatusRules(
            server: server, dialogue: dialogue, error: error, size: message.count,
            isSent: taken == message.count)
        var index = 0
        return zip(recipients, isClean).map { recipient, isClean in
            guard isClean else {
                return SMTPReceipt(
                    recipient: recipient,
                    status: .blocked(reason: "the address is empty or has a control character"))
            }
            defer { index += 1 }
            return SMTPReceipt(recipient: recipient, status: rules.status(onRecipient: index))
        }
    }

    /// Connects, encrypts and logs in, but sends no mail.
    ///
    /// - Parameter timeout: The timeout for the whole probe.
    /// - Returns: What failed and what to change; nil if nothing did.
    func probe(timeout: Duration) -> String? {
        var failure: CurlError?
        do throws(CurlError) {
            let handle = try handle(timeout: timeout)
            // Without recipients libcurl sends this command instead of a message; it has no effect.
            try handle.set(CURLOPT_CUSTOMREQUEST, "NOOP")
            try handle.set(CURLOPT_NOBODY, 1)
            try listen(to: handle)
            self.handle = handle
            defer { self.handle = nil }
            try handle.perform()
        } catch {
            failure = error
        }
        // The progress callback aborts without a login.
        let isStopped = failure == nil || failure?.code == .abortedByCallback
        guard !isStopped || server.credentials != nil && !dialogue.isLoggedIn else { return nil }
        let error = failure ?? CurlError(code: .loginDenied, message: "")
        return SMTPStatusRules(server: server, dialogue: dialogue, error: error, isSent: false)
            .obstacle
    }

    /// Creates a handle with the options that do not depend on a message.
    private func handle(timeout: Duration) throws(CurlError) -> EasyHandle {
        guard let url = server.url else {
            throw CurlError(code: .urlMalformat, message: "this is not a host name and port")
        }
        let handle = try EasyHandle(
            protocols: CCURL_PROTOCOLS_SMTP, timeout: timeout, authorities: server.authorities)
        try handle.set(CURLOPT_URL, "\(url)/\(HelloName.current.path)")
        if server.security == .startTLS {
            try handle.set(CURLOPT_USE_SSL, Int(CURLUSESSL_ALL.rawValue))
        }
        if let login = server.credentials {
            try handle.set(CURLOPT_USERNAME, login.user)
            try handle.set(CURLOPT_PASSWORD, login.password)
            // An address as user name would else make libcurl try Kerberos first.
            try handle.set(
                CURLOPT_LOGIN_OPTIONS, mechanisms.map { "AUTH=\($0)" }.joined(separator: ";"))
        }
        return handle
    }

    private func perform(from sender: String, to recipients: [String]) throws(CurlError) {
        let handle = try handle(timeout: timeouts.total)
        try handle.set(CURLOPT_MAIL_FROM, sender)
        try handle.set(CURLOPT_MAIL_RCPT, list: recipients)
        try handle.set(CCURL_OPT_MAIL_RCPT_ALLOWFAILS, 1)
        try handle.set(CURLOPT_UPLOAD, 1)
        try handle.set(CURLOPT_INFILESIZE_LARGE, offset: message.count)
        // Otherwise the connection would be closed when the handle is freed, where no timeout
        // applies.
        try handle.set(CURLOPT_FORBID_REUSE, 1)
        try handle.set(CURLOPT_CONNECTTIMEOUT_MS, EasyHandle.milliseconds(timeouts.connect))
        try handle.set(CURLOPT_SERVER_RESPONSE_TIMEOUT, timeouts.reply(to: .greeting))
        try listen(to: handle)
        self.handle = handle
        defer { self.handle = nil }
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
        try unsafe handle.setDebug { _, kind, data, count, context in
            if let transfer = unsafe SMTPTransfer.of(context) {
                unsafe transfer.hear(kind, UnsafeRawBufferPointer(start: data, count: count))
            }
            return 0
        }
        try unsafe handle.set(CURLOPT_XFERINFODATA, pointer: context)
        try unsafe handle.setProgress { context, _, _, _, _ in
            guard let transfer = unsafe SMTPTransfer.of(context) else { return 1 }
            transfer.noteConnection()
            return transfer.isMissingLogin || transfer.isTooLarge ? 1 : 0
        }
    }

    /// Whether the message would be sent without the required login.
    private var isMissingLogin: Bool {
        server.credentials != nil && dialogue.lacksLogin(encrypting: server.security == .startTLS)
    }

    /// Whether the message is larger than the server admits, which ends the transfer: some servers
    /// reject such a message only after all of it, and not always as too large.
    private var isTooLarge: Bool {
        dialogue.exceedsSize(message.count, encrypting: server.security == .startTLS)
    }

    /// Lifts the limit for connecting once there is a connection.
    ///
    /// libcurl counts the greeting and the login as parts of connecting, for which the RFC gives
    /// minutes.
    private func noteConnection() {
        let phase =
            server.security == .implicitTLS ? CURLINFO_APPCONNECT_TIME_T : CURLINFO_CONNECT_TIME_T
        guard !isConnected, let handle, handle.time(phase) > 0 else { return }
        isConnected = true
        try? handle.set(CURLOPT_CONNECTTIMEOUT_MS, EasyHandle.milliseconds(timeouts.total))
    }

    private func hear(_ kind: curl_infotype, _ bytes: UnsafeRawBufferPointer) {
        switch kind {
        case CURLINFO_HEADER_IN: unsafe dialogue.received(bytes)
        case CURLINFO_HEADER_OUT: unsafe dialogue.sent(bytes)
        default: return
        }
        try? handle?.set(CURLOPT_SERVER_RESPONSE_TIMEOUT, timeouts.reply(to: dialogue.stage))
    }

    private func give(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
        // All known versions of libcurl call the progress callback first; this check does not
        // depend on it.
        guard server.credentials == nil || dialogue.isLoggedIn,
            dialogue.sizeLimit.map({ message.count <= $0 }) ?? true
        else {
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
