internal import CCurl
internal import Glibc

/// A libcurl easy handle, freed with its lists when it goes out of scope.
///
/// Each handle performs one transfer to one server, in straight-line code (libcurl-easy(3)).
/// Options are set and errors read only here.
@safe
final class EasyHandle {
    private let handle: UnsafeMutableRawPointer
    private let errorText: UnsafeMutablePointer<CChar>
    private var lists: [UnsafeMutablePointer<curl_slist>] = unsafe []

    /// Loads libcurl if necessary, and sets the options common to all transfers.
    init(
        protocols: Int, timeout: Duration, authorities: CertificateAuthorities,
        verifiesServer: Bool = true
    ) throws(CurlError) {
        if let reason = unsafe ccurl_open() {
            throw CurlError(code: .failedInit, message: unsafe String(cString: reason))
        }
        guard let handle = unsafe ccurl_easy_init() else {
            throw CurlError(code: .failedInit, message: "libcurl returned no handle")
        }
        unsafe self.handle = unsafe handle
        unsafe errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        unsafe errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        try unsafe set(CURLOPT_ERRORBUFFER, pointer: UnsafeMutableRawPointer(errorText))
        try set(CCURL_OPT_PROTOCOLS, protocols)
        // Disables the alarm signal for name lookups, which would interrupt the caller's own waits.
        try set(CURLOPT_NOSIGNAL, 1)
        try set(CURLOPT_TIMEOUT_MS, Self.milliseconds(timeout))
        // Otherwise a name lookup that hangs delays the end of the transfer beyond its timeout.
        // libcurl before 7.87 ignores the option; there the process has to exit.
        _ = unsafe ccurl_setopt_long(handle, CCURL_OPT_QUICK_EXIT, 1)
        // Ignores the proxy variables of the environment, which are meant for other programs.
        try set(CURLOPT_PROXY, "")
        try set(CURLOPT_NOPROXY, "*")
        try set(CURLOPT_SSL_VERIFYPEER, verifiesServer ? 1 : 0)
        try set(CURLOPT_SSL_VERIFYHOST, verifiesServer ? 2 : 0)
        if let file = authorities.file {
            try set(CURLOPT_CAINFO, file)
            try unsafe set(CURLOPT_CAPATH, pointer: nil)
        }
    }

    deinit {
        unsafe ccurl_easy_cleanup(handle)
        while let list = unsafe lists.popLast() { unsafe ccurl_slist_free_all(list) }
        unsafe errorText.deallocate()
    }

    /// Sets a `long` option.
    func set(_ option: CURLoption, _ value: Int) throws(CurlError) {
        try unsafe check(ccurl_setopt_long(handle, option, value))
    }

    /// Sets an option that takes whole seconds, rounded up.
    func set(_ option: CURLoption, _ time: Duration) throws(CurlError) {
        try set(option, (Self.milliseconds(time) + 999) / 1_000)
    }

    /// Sets a `curl_off_t` option.
    func set(_ option: CURLoption, offset value: Int) throws(CurlError) {
        try unsafe check(ccurl_setopt_offset(handle, option, curl_off_t(value)))
    }

    /// Sets a string option, which libcurl copies.
    func set(_ option: CURLoption, _ value: String) throws(CurlError) {
        try Self.checkText(value)
        try unsafe check(ccurl_setopt_string(handle, option, value))
    }

    /// Sets an option to bytes, which libcurl copies; for `CURLOPT_COPYPOSTFIELDS`, after its size
    /// is set.
    func set(_ option: CURLoption, bytes: [UInt8]) throws(CurlError) {
        let code = unsafe bytes.withUnsafeBytes { buffer in
            unsafe ccurl_setopt_pointer(
                handle, option, UnsafeMutableRawPointer(mutating: buffer.baseAddress))
        }
        try check(code)
    }

    /// Sets a pointer option; the pointer must outlive the transfer.
    @unsafe
    func set(
        _ option: CURLoption, pointer: UnsafeMutableRawPointer?
    ) throws(CurlError) {
        try unsafe check(ccurl_setopt_pointer(handle, option, pointer))
    }

    /// Sets a list option; the list is kept as long as the handle.
    func set(_ option: CURLoption, list texts: [String]) throws(CurlError) {
        guard !texts.isEmpty else { return }
        for text in texts { try Self.checkText(text) }
        var list: UnsafeMutablePointer<curl_slist>?
        for text in texts {
            guard let longer = unsafe ccurl_slist_append(list, text) else {
                unsafe ccurl_slist_free_all(list)
                throw CurlError(code: .outOfMemory, message: "out of memory")
            }
            unsafe list = unsafe longer
        }
        guard let list = unsafe list else { return }
        unsafe lists.append(list)
        try unsafe set(option, pointer: UnsafeMutableRawPointer(list))
    }

    /// Sets the callback for received data: `CURLOPT_WRITEFUNCTION`, `CURLOPT_HEADERFUNCTION`.
    func set(_ option: CURLoption, call: curl_write_callback) throws(CurlError) {
        try unsafe check(ccurl_setopt_write(handle, option, call))
    }

    /// Sets the callback for data to send; `CURLOPT_READFUNCTION`.
    func setRead(_ call: curl_read_callback) throws(CurlError) {
        try unsafe check(ccurl_setopt_read(handle, call))
    }

    /// Sets the callback for each line of the dialogue; `CURLOPT_DEBUGFUNCTION`.
    func setDebug(_ call: curl_debug_callback) throws(CurlError) {
        try unsafe check(ccurl_setopt_debug(handle, call))
        try set(CURLOPT_VERBOSE, 1)
    }

    /// Sets the progress callback; `CURLOPT_XFERINFOFUNCTION`.
    func setProgress(_ call: curl_xferinfo_callback) throws(CurlError) {
        try unsafe check(ccurl_setopt_progress(handle, call))
        try set(CURLOPT_NOPROGRESS, 0)
    }

    /// Performs the transfer, and blocks until it ends; `curl_easy_perform`.
    func perform() throws(CurlError) {
        try check(complete())
    }

    /// Performs the transfer, and returns its result; `curl_easy_perform`.
    func complete() -> CURLcode {
        unsafe ccurl_easy_perform(handle)
    }

    /// The pointer for a `TransferGroup`, which must not outlive this object.
    @unsafe var pointer: UnsafeMutableRawPointer { unsafe handle }

    /// Returns a number that describes the transfer; 0 if it is not available.
    func number(_ information: CURLINFO) -> Int {
        var number = 0
        _ = unsafe ccurl_getinfo_long(handle, information, &number)
        return number
    }

    /// Returns a text that describes the transfer.
    func text(_ information: CURLINFO) -> String? {
        var text: UnsafePointer<CChar>?
        guard unsafe ccurl_getinfo_string(handle, information, &text) == CURLE_OK,
            let text = unsafe text
        else { return nil }
        return unsafe String(cString: text)
    }

    /// Information about the server's certificate, as `Name:value`; `CURLINFO_CERTINFO`.
    var certificateLines: [String] {
        var lines: [String] = []
        var item = unsafe ccurl_server_certificate(handle)
        while let line = unsafe item {
            if let data = unsafe line.pointee.data { lines.append(unsafe String(cString: data)) }
            unsafe item = UnsafePointer(line.pointee.next)
        }
        return lines
    }

    /// The time from the start of the transfer to one of its phases, in microseconds; 0 before that
    /// phase.
    func time(_ phase: CURLINFO) -> Int {
        var time: curl_off_t = 0
        _ = unsafe ccurl_getinfo_offset(handle, phase, &time)
        return Int(time)
    }

    /// The timeout in milliseconds, rounded up: to libcurl, 0 means no timeout.
    static func milliseconds(_ timeout: Duration) -> Int {
        let parts = timeout.components
        guard parts.seconds >= 0 else { return 1 }
        // Ten days: longer than any transfer, and within the range of libcurl's int.
        guard parts.seconds < 864_000 else { return 864_000_000 }
        let rest = (parts.attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        return max(1, Int(parts.seconds) * 1000 + Int(rest))
    }

    /// Rejects NUL, which would truncate the text, and line breaks, which would inject another line
    /// into the protocol.
    private static func checkText(_ text: String) throws(CurlError) {
        guard text.utf8.allSatisfy({ $0 != 0 && $0 != 10 && $0 != 13 }) else {
            throw CurlError(code: .badFunctionArgument, message: "a line break or NUL in a text")
        }
    }

    private func check(_ code: CURLcode) throws(CurlError) {
        if let error = error(of: code) { throw error }
    }

    /// The error for a libcurl result code; nil for success.
    func error(of code: CURLcode) -> CurlError? {
        guard code != CURLE_OK else { return nil }
        var message = unsafe String(cString: errorText)
        if message.isEmpty { message = unsafe String(cString: ccurl_easy_strerror(code)) }
        let number = number(CURLINFO_OS_ERRNO)
        // libcurl's message does not include the reason of a failed connect; errno has it.
        if code == CURLE_COULDNT_CONNECT, number != 0,
            let words = unsafe strerror(Int32(truncatingIfNeeded: number))
        {
            message += unsafe " (\(String(cString: words)))"
        }
        return CurlError(
            code: CurlErrorCode(code), message: message,
            osErrno: Int32(truncatingIfNeeded: number),
            isAfterConnection: time(CURLINFO_PRETRANSFER_TIME_T) > 0)
    }
}
