// A file descriptor, and the few things one does with it.

internal import Glibc

/// An open file descriptor.
///
/// It is a plain number with a type: whoever opened it closes it.
public struct Descriptor: RawRepresentable, Hashable, Sendable {
    /// The number the kernel knows it by.
    public let rawValue: Int32

    /// Names a descriptor by its number.
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

    /// Opens `/dev/null` for those of 0, 1 and 2 that a careless parent has left closed.
    ///
    /// Otherwise the next thing to be opened would get such a number, and be taken for standard
    /// input, output or error.
    ///
    /// - Returns: Those that were closed.
    @discardableResult
    public static func openMissingStandards() -> Set<Descriptor> {
        var missing: Set<Descriptor> = []
        while true {
            // The kernel gives the lowest number that is free.
            let opened = Descriptor(rawValue: unsafe open("/dev/null", O_RDWR))
            guard (0...2).contains(opened.rawValue) else {
                if opened.rawValue > 2 { opened.close() }
                return missing
            }
            missing.insert(opened)
        }
    }

    /// What a read brought.
    public enum Reading: Equatable, Sendable {
        /// Bytes, at least one.
        case bytes([UInt8])
        /// Nothing at the moment; only from a descriptor that does not block.
        case nothingYet
        /// The other end is closed, or gone in some other way: there will be no more.
        case end
    }

    /// Reads what is there.
    ///
    /// The corresponding C function is `read`.
    ///
    /// - Parameter limit: The most bytes to take.
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

    /// Writes as many of the bytes as the other end takes at once.
    ///
    /// The corresponding C function is `write`.
    ///
    /// - Parameter bytes: What to write.
    /// - Returns: How many were taken, 0 if it would have to wait; nothing when the other end is
    ///   gone.
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

    /// Writes all of the bytes, waiting for the other end as long as it takes.
    ///
    /// - Parameter bytes: What to write.
    /// - Returns: Whether all of it went out; `false` when the other end is gone.
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

    /// Writes all of the bytes unless the other end takes none of them for a while.
    ///
    /// A pipe that is ready has room for a page at least, so that writing as much does not wait
    /// (`pipe(7)`).
    ///
    /// - Parameters:
    ///   - bytes: What to write.
    ///   - limit: How long to wait for the other end each time.
    /// - Returns: Whether all of it went out.
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

    /// What one waits for a descriptor to be ready for.
    public enum Readiness: Sendable {
        /// There are bytes, or the end, to be read.
        case reading
        /// There is room for bytes, or nobody to take them.
        case writing
        /// There is nobody to take bytes, or to send any.
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
    ///   - readiness: What to wait for.
    ///   - limit: How long at the most; `nil` for as long as it takes.
    /// - Returns: Whether it is ready.
    @discardableResult
    public func wait(for readiness: Readiness, atMost limit: Duration?) -> Bool {
        var entry = pollfd(fd: rawValue, events: readiness.pollEvents, revents: 0)
        return unsafe poll(&entry, 1, limit.map(\.pollTimeout) ?? -1) > 0
    }

    /// Makes reads and writes return at once when they would have to wait.
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
    /// The duration in whole milliseconds, rounded up so that a wait is never too short, as `poll`
    /// takes it.
    package var pollTimeout: Int32 {
        let (seconds, attoseconds) = components
        guard seconds >= 0 else { return 0 }
        guard seconds < 86_400 else { return 86_400_000 }
        let milliseconds = (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        return Int32(max(0, seconds * 1000 + milliseconds))
    }
}
