internal import CLinux
internal import Glibc
internal import System

/// A connection for one request and its response, with one deadline for both.
struct Connection {
    private let socket: Descriptor
    private let end: Instant

    /// How soon to retry when the backlog of a socket is full: supervisord accepts connections when
    /// it is not busy.
    private static let pause = Duration.milliseconds(10)

    /// Connects.
    ///
    /// - Parameters:
    ///   - endpoint: The endpoint.
    ///   - end: The deadline of the whole exchange.
    /// - Throws: `.notConnected` with the reason of the first target; `.timedOut`.
    init(_ endpoint: Endpoint, until end: Instant) throws(ExchangeError) {
        self.end = end
        var first: ExchangeError?
        for target in endpoint.targets {
            do throws(ExchangeError) {
                socket = try Self.connect(to: target, until: end)
                return
            } catch {
                first = first ?? error
            }
        }
        throw first ?? .notConnected(EINVAL)
    }

    /// Sends bytes.
    ///
    /// A server that has responded or closed the connection before it has received everything is
    /// not an error here: reading the response shows the result.
    ///
    /// - Parameter bytes: The bytes to send.
    /// - Throws: `.timedOut`.
    func send(_ bytes: [UInt8]) throws(ExchangeError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            guard let count = socket.writeSome(rest) else { return }
            rest = rest.dropFirst(count)
            if count == 0 { try wait(for: .writing) }
        }
    }

    /// Receives available bytes, and waits for some.
    ///
    /// - Returns: The bytes, at most 64 KiB; empty if the server has closed the connection.
    /// - Throws: `.brokenOff`, `.timedOut`.
    func receive() throws(ExchangeError) -> [UInt8] {
        let limit = 65_536
        while true {
            try wait(for: .reading)
            var code: Int32 = 0
            let bytes = unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, initialized in
                let count = unsafe recv(socket.rawValue, buffer.baseAddress, limit, 0)
                if count < 0 { code = errno }
                initialized = max(0, count)
            }
            switch code {
            case 0: return bytes
            case EAGAIN, EINTR: continue
            default: throw .broken(code)
            }
        }
    }

    /// Closes the connection.
    func close() {
        socket.close()
    }

    private func wait(for readiness: Descriptor.Readiness) throws(ExchangeError) {
        try Self.wait(socket, for: readiness, until: end)
    }

    private static func wait(
        _ socket: Descriptor, for readiness: Descriptor.Readiness, until end: Instant
    ) throws(ExchangeError) {
        while !socket.wait(for: readiness, atMost: max(.zero, end - .now)) {
            // Interrupted by a signal.
            guard .now < end else { throw .timedOut }
        }
        // A server that sends a byte now and then is always ready, so check the deadline too.
        guard .now < end else { throw .timedOut }
    }

    private static func connect(
        to target: Endpoint.Target, until end: Instant
    ) throws(ExchangeError) -> Descriptor {
        while true {
            let number =
                switch target {
                case .socket(let path): unsafe clinux_connect_unix(path)
                case .port(let port, let address): unsafe clinux_connect_inet(address, port)
                }
            let code = errno
            if number >= 0 { return try established(Descriptor(rawValue: number), until: end) }
            guard code == EAGAIN else { throw .notConnected(code) }
            guard .now + pause < end else { throw .timedOut }
            _ = poll(nil, 0, pause.pollTimeout)
        }
    }

    private static func established(
        _ socket: Descriptor, until end: Instant
    ) throws(ExchangeError) -> Descriptor {
        do throws(ExchangeError) {
            try wait(socket, for: .writing, until: end)
            let code = clinux_socket_error(socket.rawValue)
            guard code == 0 else { throw .notConnected(code) }
        } catch {
            socket.close()
            throw error
        }
        return socket
    }
}
