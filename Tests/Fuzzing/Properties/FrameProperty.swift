// What must hold of the frame reader, whatever comes from supervisord.

@testable import ListenerProtocol
@testable import SupervisorRPC

extension Property {
    /// The input is what comes from supervisord.
    ///
    /// However it is cut into pieces, the same events come out, they are what the input says, and
    /// nothing of it is lost or invented. What is an event is one event from any host, whatever
    /// stands in it.
    package static let frames = Property("frames") { input throws(Violation) in
        let whole = Reading(of: [input])
        try requireFaithful(whole, to: input)
        for pieces in [singly(input), atRandom(input)] {
            try require(Reading(of: pieces), is: whole, "what comes of \(pieces.count) pieces")
        }
        try requireSame(whole.events, from: .bytes)
        guard String(validating: input, as: UTF8.self) != nil else { return }
        try requireSame(whole.events, from: .characters)
        guard !whole.events.contains(where: looksLikeTwo) else { return }
        try requireSame(Reading(of: singly(input), settlesAlways: true), as: whole)
    }

    /// Sent as supervisord sends them, one after the other and each in pieces, events are the same,
    /// and a silence is all that is needed to read them.
    private static func requireSame(
        _ events: [Event], from unit: LengthUnit
    ) throws(Violation) {
        var reader = FrameReader()
        for event in events {
            let length =
                unit == .bytes ? event.payload.count : event.text.unicodeScalars.count
            let frame = Array("ver:3.0 eventname:X len:\(length)\n".utf8) + event.payload
            var found: [Event] = []
            do throws(ProtocolError) {
                for piece in atRandom(frame) {
                    reader.append(piece)
                    while let event = try reader.next() { found.append(event) }
                }
            } catch {
                throw Violation(description: "a host's frame is out of step: \(error)")
            }
            try require(
                unit == .bytes || !reader.isAmbiguous, "characters do not tell where they end")
            if let event = reader.resolveAmbiguity() { found.append(event) }
            try require(found.map(\.payload), is: [event.payload], "what a host sends")
        }
    }

    /// Whether the end of an event is a frame for a reader that counts bytes.
    private static func looksLikeTwo(_ event: Event) -> Bool {
        event.payload.dropFirst(event.header.payloadLength).starts(with: "ver:".utf8)
    }

    private static func singly(_ input: [UInt8]) -> [[UInt8]] {
        input.map { [$0] }
    }

    /// Pieces whose lengths depend on nothing but the input.
    private static func atRandom(_ input: [UInt8]) -> [[UInt8]] {
        // Fowler, Noll and Vo's hash, 64 bits.
        var dice = input.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { hash, byte in
            (hash ^ UInt64(byte)) &* 0x100_0000_01B3
        }
        var pieces: [[UInt8]] = []
        var rest = input[...]
        while !rest.isEmpty {
            dice = dice &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            pieces.append(Array(rest.prefix(Int(dice >> 60) + 1)))
            rest = rest.dropFirst(Int(dice >> 60) + 1)
        }
        return pieces
    }

    /// Each event is read anew from the place in the input where it must stand.
    private static func requireFaithful(
        _ reading: Reading, to input: [UInt8]
    ) throws(Violation) {
        var rest = input[...]
        for event in reading.events {
            rest = rest.drop { $0 == UInt8(ascii: "\n") }
            let line = Array(rest.prefix { $0 != UInt8(ascii: "\n") })
            rest = rest.dropFirst(line.count + 1)
            try require(event.header, is: try? EventHeader(line), "a header")
            try require(
                event.header.payloadLength <= EventHeader.maximumPayloadLength,
                "a frame is too long")
            try require(
                event.payload, is: Array(rest.prefix(event.payload.count)), "a payload")
            rest = rest.dropFirst(event.payload.count)
            try requireLength(of: event, isLast: rest.isEmpty)
        }
        if let fault = reading.fault { try requireLine(fault.description, "a fault") }
    }

    /// A payload has as many characters as its header says; as many bytes only if nothing follows,
    /// since what does belongs to it.
    private static func requireLength(of event: Event, isLast: Bool) throws(Violation) {
        guard let text = String(validating: event.payload, as: UTF8.self) else { return }
        let characters = text.unicodeScalars.count
        let isInBytes = event.payload.count == event.header.payloadLength && isLast
        try require(
            isInBytes || characters == event.header.payloadLength,
            "a payload of \(characters) characters, \(event.payload.count) bytes, "
                + "len:\(event.header.payloadLength)")
    }

    /// Silence may end a payload too early, or let one be taken that is never finished; it must not
    /// cost another event.
    private static func requireSame(_ slow: Reading, as whole: Reading) throws(Violation) {
        try require(slow.fault, is: whole.fault, "the fault of a slow sender")
        try require(
            slow.events.map(\.header).prefix(whole.events.count).map { $0 },
            is: whole.events.map(\.header), "what a slow sender sends")
        try require(slow.events.count <= whole.events.count + 1, "silence invents events")
        for (slow, event) in zip(slow.events, whole.events) {
            try require(
                slow.payload == event.payload
                    || slow.payload == Array(event.payload.prefix(event.header.payloadLength)),
                "a slow sender's payload is neither whole nor its first bytes")
        }
    }
}

/// What comes of a conversation up to its end.
private struct Reading: Equatable, CustomDebugStringConvertible {
    var events: [Event] = []
    var fault: ProtocolError?

    var debugDescription: String {
        let events = events.map { event in
            "\(event.name) len:\(event.header.payloadLength) \(event.text.debugDescription)"
        }
        return "[\((events + (fault.map { ["\($0)"] } ?? [])).joined(separator: ", "))]"
    }

    /// Reads pieces one after the other.
    ///
    /// - Parameters:
    ///   - pieces: What comes at once.
    ///   - settlesAlways: Whether so much time passes after each piece that what is ambiguous is
    ///     taken; else that happens at the end only, as in `ListenerSession`.
    init(of pieces: [[UInt8]], settlesAlways: Bool = false) {
        var reader = FrameReader()
        do throws(ProtocolError) {
            for piece in pieces {
                reader.append(piece)
                while let event = try reader.next() { events.append(event) }
                if settlesAlways, let event = reader.resolveAmbiguity() { events.append(event) }
            }
            if let event = reader.resolveAmbiguity() { events.append(event) }
        } catch {
            fault = error
        }
    }
}
