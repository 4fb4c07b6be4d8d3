// Events as they stand in a listener's stdin.

/// A header line and its payload, and the counter that numbers them.
package struct EventFrame {
    /// What `len` counts: characters under supervisord 4, bytes under supervisord 3 and the Go one.
    package enum Length: CaseIterable {
        case characters, bytes
    }

    package let bytes: [UInt8]

    /// A frame with a header of one's own, which may be wrong.
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
