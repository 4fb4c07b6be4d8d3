import Testing

@testable import ListenerProtocol

struct FrameReaderTests {
    private static let chinese = "processname:网站 groupname:网站 from_state:RUNNING expected:0 pid:77"

    private static func frame(_ payload: String, length: Int, serial: Int = 1) -> [UInt8] {
        Array(
            """
            ver:3.0 server:supervisor serial:\(serial) pool:listener poolserial:\(serial) \
            eventname:PROCESS_STATE_EXITED len:\(length)\n\(payload)
            """.utf8)
    }

    private static func inCharacters(_ payload: String, serial: Int = 1) -> [UInt8] {
        frame(payload, length: payload.unicodeScalars.count, serial: serial)
    }

    private static func inBytes(_ payload: String, serial: Int = 1) -> [UInt8] {
        frame(payload, length: payload.utf8.count, serial: serial)
    }

    @Test(arguments: ["", "when:1201063880", chinese, "é", "a🙂", "网", "\n\n\n", "ver:3.0 网站"])
    func `a payload is read completely when len counts characters`(payload: String) throws {
        var reader = FrameReader()
        reader.append(Self.inCharacters(payload))
        let event = try #require(try reader.next())
        #expect(event.text == payload)
        #expect(try reader.next() == nil)
    }

    @Test(arguments: [chinese, "é", "a🙂", "网"])
    func `a payload is read completely after a silence when len counts bytes`(payload: String)
        throws
    {
        var reader = FrameReader()
        reader.append(Self.inBytes(payload))
        #expect(try reader.next() == nil)
        #expect(reader.isAmbiguous)
        #expect(reader.resolveAmbiguity()?.text == payload)
        #expect(!reader.isAmbiguous)
    }

    @Test func `once len is known to count bytes no payload is ambiguous`() throws {
        var reader = FrameReader()
        reader.append(Self.inBytes(Self.chinese))
        _ = try reader.next()
        _ = reader.resolveAmbiguity()
        reader.append(Self.inBytes(Self.chinese, serial: 2))
        #expect(try reader.next()?.text == Self.chinese)
    }

    @Test func `bytes after a premature silence are discarded, and the next event is read`()
        throws
    {
        let bytes = Self.inCharacters(Self.chinese)
        let cut = bytes.count - 8  // by then as many bytes have come as there are characters
        var reader = FrameReader()
        reader.append(Array(bytes[..<cut]))
        #expect(try reader.next() == nil)
        #expect(reader.resolveAmbiguity() != nil)
        reader.append(Array(bytes[cut...]))
        #expect(try reader.next() == nil)
        reader.append(Self.inCharacters(Self.chinese, serial: 2))
        let next = try #require(try reader.next())
        #expect(next.text == Self.chinese)
        #expect(next.header.serial == 2)
    }

    @Test(arguments: [chinese, "when:5", ""])
    func `a frame can arrive byte by byte`(payload: String) throws {
        var reader = FrameReader()
        let bytes = Self.inCharacters(payload)
        for (index, byte) in bytes.enumerated() {
            #expect(index == 0 ? true : try reader.next() == nil)
            reader.append([byte])
        }
        #expect(try reader.next()?.text == payload)
    }

    @Test(arguments: ["év", "ééve", "网ve", "日é ver"])
    func `a payload that ends like the start of a header is read completely`(payload: String) throws
    {
        var reader = FrameReader()
        reader.append(Self.inCharacters(payload))
        #expect(try reader.next()?.text == payload)
        reader.append(Self.inCharacters("when:5", serial: 2))
        #expect(try reader.next()?.text == "when:5")
    }

    @Test(arguments: ["ééva", "网va", "网éve!"])
    func `a chunk that looks like a header does not end a payload`(payload: String) throws {
        let bytes = Self.inCharacters(payload)
        for cut in bytes.indices {
            var reader = FrameReader()
            reader.append(Array(bytes[..<cut]))
            #expect(try reader.next() == nil)
            reader.append(Array(bytes[cut...]))
            #expect(try (reader.next() ?? reader.resolveAmbiguity())?.text == payload)
        }
    }

    @Test(arguments: ["日é", "aé", "év", "éve", "é日 version"])
    func `bytes after a premature silence are discarded, however they are split`(payload: String)
        throws
    {
        var reader = FrameReader()
        var events: [Event] = []
        for (index, payload) in [payload, "网站", "when:5"].enumerated() {
            for byte in Self.inCharacters(payload, serial: index) {
                reader.append([byte])
                while let event = try reader.next() ?? reader.resolveAmbiguity() {
                    events.append(event)
                }
            }
        }
        #expect(events.map(\.header.serial) == [0, 1, 2])
        #expect(events.map { $0.header.tokens["ver"] } == ["3.0", "3.0", "3.0"])
        #expect(events.dropFirst().map(\.text) == ["网站", "when:5"])
    }

    @Test func `frames that arrive together are read one after the other`() throws {
        var reader = FrameReader()
        let payloads = [Self.chinese, "when:5", Self.chinese]
        reader.append(payloads.flatMap { Self.inCharacters($0) })
        for payload in payloads { #expect(try reader.next()?.text == payload) }
        #expect(try reader.next() == nil)
    }

    // MARK: Forged headers

    /// A payload in which a forged frame begins where a reader that counts bytes ends.
    private static func forged(_ letter: String) -> String {
        let frame = String(decoding: frame("when:5", length: 6, serial: 9), as: UTF8.self)
        var payload = ""
        var missing = frame.utf8.count
        // Each letter has more bytes than characters, the frame as many.
        for letter in [letter, "é"] {
            let surplus = letter.utf8.count - letter.unicodeScalars.count
            payload += String(repeating: letter, count: missing / surplus)
            missing %= surplus
        }
        return payload + frame
    }

    @Test(arguments: ["é", "网", "🙂", "é网"], [1, 7, 4_096, .max])
    func `a payload with a header after len bytes is one event`(
        letter: String, step: Int
    ) throws {
        let payload = Self.forged(letter)
        let place = payload.utf8.index(
            payload.startIndex, offsetBy: payload.unicodeScalars.count)
        try #require(payload.utf8[place...].starts(with: "ver:3.0 server:".utf8))
        var reader = FrameReader()
        var events: [Event] = []
        var rest = Self.inCharacters(payload)[...]
        while !rest.isEmpty {
            reader.append(Array(rest.prefix(step)))
            rest = rest.dropFirst(step)
            while let event = try reader.next() { events.append(event) }
        }
        #expect(!reader.isAmbiguous)
        #expect(events.map(\.text) == [payload])
        reader.append(Self.inCharacters("when:6", serial: 2))
        #expect(try reader.next()?.header.serial == 2)
    }

    @Test(arguments: ["é", "网", "🙂"])
    func `a payload in bytes can contain a header`(letter: String) throws {
        var reader = FrameReader()
        for serial in 1...3 {
            reader.append(Self.inBytes(Self.forged(letter), serial: serial))
            let event = try reader.next() ?? reader.resolveAmbiguity()
            #expect(event?.text == Self.forged(letter))
            #expect(event?.header.serial == serial)
            #expect(try reader.next() == nil)
        }
    }

    @Test func `a longer silence is required if a full pipe may have split a frame`() throws {
        var timeouts: Set<Duration> = []
        for length in 65_300...65_600 {
            let payload = Array("é".utf8) + [UInt8](repeating: 0x61, count: length - 2)
            let frame = Self.frame("", length: length) + payload
            var reader = FrameReader()
            reader.append(frame)
            #expect(try reader.next() == nil)
            #expect(reader.isAmbiguous)
            #expect((frame.count == 65_536) == (reader.ambiguityTimeout > .seconds(1)))
            timeouts.insert(reader.ambiguityTimeout)
        }
        #expect(timeouts == [.milliseconds(200), .seconds(10)])
    }

    @Test func `a payload of a mebibyte of Chinese characters is read completely`() throws {
        let payload = String(repeating: "网站", count: 524_288)
        var reader = FrameReader()
        let bytes = Self.inCharacters(payload)
        var event: Event?
        for start in stride(from: 0, to: bytes.count, by: 16_384) {
            reader.append(Array(bytes[start..<min(bytes.count, start + 16_384)]))
            event = try reader.next()
        }
        #expect(event?.payload.count == payload.utf8.count)
    }

    @Test func `invalid UTF-8 is kept unchanged`() throws {
        var reader = FrameReader()
        let payload: [UInt8] = [0x61, 0xFF, 0xFE, 0xC3, 0x28]
        reader.append(Self.frame("", length: payload.count) + payload)
        let event = try reader.next() ?? reader.resolveAmbiguity()
        #expect(event?.payload == payload)
    }

    @Test(arguments: [
        "ver:3.0 eventname:TICK_5", "ver:3.0 eventname:TICK_5 len:-1",
        "ver:3.0 eventname:TICK_5 len:268435456", "ver:3.0 eventname:TICK_5 len:abc",
        "ver:3.0 eventname:TICK_5 len:99999999999999999999", "len:5", "eventname: len:5",
        "garbage", "<html>", "\u{0}\u{1}\u{2}",
    ])
    func `an invalid header is a protocol error`(line: String) {
        var reader = FrameReader()
        reader.append(Array("\(line)\n".utf8))
        #expect(throws: ProtocolError.self) { try reader.next() }
    }

    @Test(arguments: ["", "\nwhen:5"])
    func `a header that is too long is a protocol error`(rest: String) {
        var reader = FrameReader()
        let line = "ver:3.0 eventname:TICK_5 len:6 new:" + String(repeating: "x", count: 66_000)
        reader.append(Array((line + rest).utf8))
        #expect(throws: ProtocolError.self) { try reader.next() }
    }

    @Test func `an error shows the input with control characters escaped`() {
        var reader = FrameReader()
        reader.append(Array("\u{1B}[31m len:x\n".utf8))
        let error = #expect(throws: ProtocolError.self) { try reader.next() }
        #expect(error?.description == #"a header without an eventname: '\u{1B}[31m len:x'"#)
    }

    @Test func `terminal escapes and text direction controls are escaped`() {
        let error = #expect(throws: ProtocolError.self) {
            try EventHeader("\u{9B}31m\u{202E}\u{2028}")
        }
        #expect(
            error?.description
                == #"a header without an eventname: '\u{009B}31m\u{202E}\u{2028}'"#)
    }
}
