internal import Glibc

/// An open file descriptor.
///
/// It does not own the descriptor: the code that opened it closes it.
public struct Descriptor: RawRepresentable, Hashable, Sendable {
    /// The descriptor's number.
    public let rawValue: Int32

    /// Creates a descriptor from its number.
    ///
    /// - Parameter rawValue: The number.
    public init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    /// Descriptor 0.
    public static let standardInput = Descriptor(rawValue: 0)

    /// Descriptor 1.
    public static let standardOutput = Descriptor(rawValue: 1)

    /// Descriptor 2.
    public static let standardError = Descriptor(rawValue: 2)

    /// Opens `/dev/null` for each of descriptors 0, 1 and 2 that is closed.
    ///
    /// Otherwise the next open file would get one of these numbers and be used as standard input,
    /// output or error.
    ///
    /// - Returns: The descriptors that were closed.
    @discardableResult
    public static func openMissingStandards() -> Set<Descriptor> {
        var missing: Set<Descriptor> = []
        while true {
            // The kernel returns the lowest free number.
            let opened = Descriptor(rawValue: unsafe open("/dev/null", O_RDWR))
            guard (0...2).contains(opened.rawValue) else {
                if opened.rawValue > 2 { opened.close() }
                return missing
            }
            missing.insert(opened)
        }
    }

    /// Whether it is a pipe or a socket.
    ///
    /// The corresponding C function is `fstat`.
    public var isPipeOrSocket: Bool {
        var status = stat()
        guard unsafe fstat(rawValue, &status) == 0 else { return false }
        return [S_IFIFO, S_IFSOCK].contains(status.st_mode & S_IFMT)
    }

    /// The result of a read.
    public enum Reading: Equatable, Sendable {
        /// At least one byte.
        case bytes([UInt8])
        /// No data available; only from a non-blocking descriptor.
        case nothingYet
        /// End of file, or an error after which no more data can come.
        case end
    }

    /// Reads available bytes.
    ///
    /// The corresponding C function is `read`.
    ///
    /// - Parameter limit: The maximum number of bytes.
    /// - Returns: The bytes, or why there are none.
    public func read(atMost limit: Int = 16_384) -> Reading {
        var count = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, initialized in
            repeat {
                count = unsafe Glibc.read(rawValue, buffer.baseAddress, limit)
            } while count < 0 && errno == EINTR
            initialized = max(0, count)
        }
        if count > 0 { return .bytes(bytes) }
        if count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) { return .nothingYet }
        return .end
    }

    /// Writes as many of the bytes as possible with one call.
    ///
    /// The corresponding C function is `write`.
    ///
    /// - Parameter bytes: The bytes to write.
    /// - Returns: How many were written, 0 if the call would block; `nil` when the other end is
    ///   closed.
    public func writeSome(_ bytes: ArraySlice<UInt8>) -> Int? {
        while true {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(rawValue, buffer.baseAddress, buffer.count)
            }
            if count >= 0 { return count }
            if errno == EINTR { continue }
            return errno == EAGAIN || errno == EWOULDBLOCK ? 0 : nil
        }
    }

    /// Writes all of the bytes, and blocks until they are written.
    ///
    /// - Parameter bytes: The bytes to write.
    /// - Returns: Whether all were written; `false` when the other end is closed.
    @discardableResult
    public func writeAll(_ bytes: some Sequence<UInt8>) -> Bool {
        var rest = Array(bytes)[...]
        while !rest.isEmpty {
            guard let count = writeSome(rest) else { return false }
            rest = rest.dropFirst(count)
            if count == 0 { wait(for: .writing, atMost: nil) }
        }
        return true
    }

    /// Writes all of the bytes, and waits a limited time for the other end.
    ///
    /// A pipe that is ready has room for at least a page, so that writing a page does not block
    /// (`pipe(7)`).
    ///
    /// - Parameters:
    ///   - bytes: The bytes to write.
    ///   - limit: The timeout of each wait.
    /// - Returns: Whether all were written.
    @discardableResult
    public func writeAll(_ bytes: some Sequence<UInt8>, waitingAtMost limit: Duration) -> Bool {
        var rest = Array(bytes)[...]
        while !rest.isEmpty {
            guard wait(for: .writing, atMost: limit),
                let count = writeSome(isPipe ? rest.prefix(Int(PIPE_BUF)) : rest)
            else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    private var isPipe: Bool {
        var status = stat()
        return unsafe fstat(rawValue, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO
    }

    /// The conditions that can be waited for.
    public enum Readiness: Sendable {
        /// Bytes, or the end of the file, can be read.
        case reading
        /// Bytes can be written, or the other end is closed.
        case writing
        /// The other end is closed.
        case hangingUp

        package var pollEvents: Int16 {
            switch self {
            // The kernel reports that unasked.
            case .hangingUp: 0
            case .reading: Int16(POLLIN)
            case .writing: Int16(POLLOUT)
            }
        }
    }

    /// Waits until the descriptor is ready.
    ///
    /// The corresponding C function is `poll`.
    ///
    /// - Parameters:
    ///   - readiness: The condition to wait for.
    ///   - limit: The timeout; `nil` for none.
    /// - Returns: Whether it is ready.
    @discardableResult
    public func wait(for readiness: Readiness, atMost limit: Duration?) -> Bool {
        var entry = pollfd(fd: rawValue, events: readiness.pollEvents, revents: 0)
        return unsafe poll(&entry, 1, limit.map(\.pollTimeout) ?? -1) > 0
    }

    /// Makes reads and writes return instead of blocking.
    public func setNonBlocking() {
        let flags = fcntl(rawValue, F_GETFL)
        _ = fcntl(rawValue, F_SETFL, flags | O_NONBLOCK)
    }

    /// Closes the descriptor.
    public func close() {
        _ = Glibc.close(rawValue)
    }
}

extension Duration {
    /// The duration for `poll`, in whole milliseconds, rounded up so that a wait is never too
    /// short.
    package var pollTimeout: Int32 {
        let (seconds, attoseconds) = components
        guard seconds >= 0 else { return 0 }
        guard seconds < 86_400 else { return 86_400_000 }
        let milliseconds = (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        return Int32(max(0, seconds * 1000 + milliseconds))
    }
}
