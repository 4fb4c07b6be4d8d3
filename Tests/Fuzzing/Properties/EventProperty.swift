// What must hold of an event's content, whatever its payload is.

@testable import ListenerProtocol

extension Property {
    /// The input is a header line and a payload.
    ///
    /// The typed event says what a plain reading of them says; a kind that nobody knows passes.
    package static let events = Property("events") { input throws(Violation) in
        let line = Array(input.prefix { $0 != UInt8(ascii: "\n") })
        let header: EventHeader
        do throws(ProtocolError) {
            header = try EventHeader(line)
        } catch {
            try requireLine(error.description, "a fault")
            return
        }
        try requireTokens(of: header, in: line)
        let event = Event(header: header, payload: Array(input.dropFirst(line.count + 1)))
        let content: EventContent
        do throws(PayloadError) {
            content = try event.content()
        } catch {
            let promise = PlainPayload(event)
            try require(promise.isBroken, "\(error), and there is nothing wrong with it")
            return
        }
        try requireContent(content, of: event)
    }

    private static func requireTokens(
        of header: EventHeader, in line: [UInt8]
    ) throws(Violation) {
        let plain = PlainTokens(line)
        try require(header.tokens.values, is: plain.values, "a header's tokens")
        try require(bytes(header.name.rawValue), is: bytes(plain["eventname"]), "an event's name")
        try require(header.payloadLength, is: plain.number("len") ?? -1, "an event's length")
        try require(header.serial, is: plain.number("serial"), "an event's serial")
        try require(header.poolSerial, is: plain.number("poolserial"), "an event's poolserial")
        try require(bytes(header.server), is: bytes(plain["server"]), "an event's server")
        try require(bytes(header.pool), is: bytes(plain["pool"]), "an event's pool")
    }

    private static func requireContent(
        _ content: EventContent, of event: Event
    ) throws(Violation) {
        let plain = PlainPayload(event)
        try require(!plain.isBroken, "a payload that lacks something is read")
        let tokens = plain.tokens
        switch content {
        case .processState(let change):
            try require(plain.kind, is: .processState, "the kind")
            try requireProcess(change.process, tokens)
            // The Go implementation sends states in mixed case.
            let state = (tokens["from_state"] ?? "UNKNOWN").utf8.map { byte in
                (0x61...0x7A).contains(byte) ? byte - 0x20 : byte
            }
            try require(
                bytes(change.fromStateName), is: bytes(String(decoding: state, as: UTF8.self)),
                "from_state")
            try require(change.pid, is: tokens.number("pid"), "pid")
            try require(change.startAttempts, is: tokens.number("tries"), "tries")
            try require(
                change.isExpected, is: tokens.number("expected").map { $0 != 0 }, "expected")
        case .processLog(let output), .processCommunication(let output):
            try require(plain.kind == .processLog || plain.kind == .communication, "the kind")
            try requireProcess(output.process, tokens)
            try require(output.pid, is: tokens.number("pid"), "pid")
            try require(output.data, is: plain.data, "what a process wrote")
            try require(output.stream.rawValue, is: plain.channel, "the channel")
        case .remoteCommunication(let type, let data):
            try require(plain.kind, is: .remote, "the kind")
            try require(bytes(type), is: bytes(tokens["type"]), "the type")
            try require(data, is: plain.data, "the data")
        case .tick(let tick):
            try require(plain.kind, is: .tick, "the kind")
            try require(tick.period, is: plain.period ?? 0, "the seconds between ticks")
            try require(tick.timestamp, is: tokens.number("when"), "the time of a tick")
        case .processGroupAdded(let group), .processGroupRemoved(let group):
            try require(plain.kind, is: .group, "the kind")
            try require(bytes(group), is: bytes(tokens["groupname"]), "the group")
        case .supervisorRunning, .supervisorStopping:
            try require(plain.kind, is: .supervisor, "the kind")
        case .other:
            try require(plain.kind, is: .unknown, "the kind")
        }
    }

    private static func requireProcess(
        _ process: ProcessName, _ tokens: PlainTokens
    ) throws(Violation) {
        let name = tokens["processname"]
        try require(bytes(process.name), is: bytes(name), "processname")
        try require(bytes(process.group), is: bytes(tokens["groupname"] ?? name), "groupname")
    }

    /// Texts are compared by their bytes: Swift takes those for equal that only look the same.
    private static func bytes(_ text: String?) -> [UInt8]? {
        text.map { Array($0.utf8) }
    }
}
