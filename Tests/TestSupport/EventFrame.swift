/// An event as bytes for a listener's stdin: a header line and its payload.
package struct EventFrame {
    /// The unit of `len`: characters with supervisord 4, bytes with supervisord 3 and the Go
    /// implementation.
    package enum Length: CaseIterable {
        case characters, bytes
    }

    package let bytes: [UInt8]

    /// Creates a frame with any header, which may be invalid.
    package init(header: String, payload: [UInt8] = []) {
        bytes = Array("\(header)\n".utf8) + payload
    }

    package init(
        _ event: EventPayload, length: Length = .characters, serial: Int, poolSerial: Int,
        server: String = "supervisor", pool: String = "listener"
    ) {
        let count =
            switch length {
            case .characters: String(decoding: event.bytes, as: UTF8.self).unicodeScalars.count
            case .bytes: event.bytes.count
            }
        self.init(
            header:
                "ver:3.0 server:\(server) serial:\(serial) pool:\(pool) poolserial:\(poolSerial)"
                + " eventname:\(event.eventName) len:\(count)",
            payload: event.bytes)
    }
}
