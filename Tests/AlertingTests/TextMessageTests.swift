import System
import Testing

@testable import Alerting

/// The one text message that crashsms sends.
@Suite struct TextMessageTests {
    @Test func `The host precedes the messages, one a line`() {
        #expect(
            TextMessage.of(["[web] exited", "[job] exited"], host: "db1")
                == "db1: [web] exited\n[job] exited")
    }

    /// 3GPP TS 23.038, section 6.2.1, by code points.
    private static let alphabet: [UInt32] =
        [
            0x40, 0xA3, 0x24, 0xA5, 0xE8, 0xE9, 0xF9, 0xEC, 0xF2, 0xC7, 0x0A, 0xD8, 0xF8, 0x0D,
            0xC5,
            0xE5, 0x394, 0x5F, 0x3A6, 0x393, 0x39B, 0x3A9, 0x3A0, 0x3A8, 0x3A3, 0x398, 0x39E, 0xC6,
            0xE6, 0xDF, 0xC9, 0xA4, 0xA1, 0xC4, 0xD6, 0xD1, 0xDC, 0xA7, 0xBF, 0xE4, 0xF6, 0xF1,
            0xFC,
            0xE0,
        ] + Array(0x20...0x23) + Array(0x25...0x3F) + Array(0x41...0x5A) + Array(0x61...0x7A)
    private static let extensions: [UInt32] =
        [0x0C, 0x5E, 0x7B, 0x7D, 0x5C, 0x5B, 0x7E, 0x5D, 0x7C, 0x20AC]

    @Test func `The alphabet is GSM 03.38, and its extensions count twice`() throws {
        #expect(Set(Self.alphabet).count == 127)
        for code in 0x01...UInt32(0x3000) {
            guard let scalar = Unicode.Scalar(code) else { continue }
            let length =
                Self.alphabet.contains(code) ? 160 : Self.extensions.contains(code) ? 80 : 70
            #expect(TextMessage.fits(Self.repeated(scalar, length)), "U+\(String(code, radix: 16))")
            #expect(
                !TextMessage.fits(Self.repeated(scalar, length + 1)), "U+\(String(code, radix: 16))"
            )
        }
        #expect(TextMessage.fits(String(repeating: "💥", count: 35)))
        #expect(!TextMessage.fits(String(repeating: "💥", count: 36)))
    }

    private static func repeated(_ scalar: Unicode.Scalar, _ count: Int) -> String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: repeatElement(scalar, count: count))
        return String(text)
    }

    @Test func `A text that just fits is not truncated`() {
        let whole = String(repeating: "x", count: 155)
        #expect(TextMessage.of([whole], host: "db1") == "db1: \(whole)")
        #expect(TextMessage.of([whole + "x"], host: "db1") == "db1: \(whole.dropLast(3))...")
        let chinese = String(repeating: "网", count: 65)
        #expect(TextMessage.of([chinese], host: "db1") == "db1: \(chinese)")
        #expect(TextMessage.of([chinese + "站"], host: "db1") == "db1: \(chinese.dropLast(3))...")
    }

    @Test func `Messages that do not fit are counted`() {
        let message = String(repeating: "m", count: 40)
        #expect(
            TextMessage.of(Array(repeating: message, count: 7), host: "db1")
                == "db1: \(message)\n\(message)\n\(message)\n+4 more")
        let long = String(repeating: "l", count: 300)
        #expect(
            TextMessage.of([long, message, message], host: "db1")
                == "db1: \(String(repeating: "l", count: 144))...\n+2 more")
    }

    @Test func `A burst of messages is one text message`() {
        let messages = (0..<50_000).map { "[worker_\($0)] exited unexpectedly" }
        #expect(TextMessage.of(messages, host: "db1").hasSuffix("\n+49996 more"))
    }

    @Test func `No text exceeds one message`() {
        var generator = SystemRandomNumberGenerator()
        let pieces = [
            "a", "web ", "[", "€", "网", "💥", "\n", "é", "e\u{301}", "👩‍👩‍👧‍👦", "\u{1B}",
            "e" + String(repeating: "\u{301}", count: 200),
        ]
        func text(_ longest: Int) -> String {
            let kinds = (0..<Int.random(in: 1...3, using: &generator)).compactMap { _ in
                pieces.randomElement(using: &generator)
            }
            return (0..<Int.random(in: 0...longest, using: &generator)).compactMap { _ in
                kinds.randomElement(using: &generator)
            }.joined()
        }
        for _ in 0..<60 {
            let host = text(80)
            let messages = (0..<Int.random(in: 0...12, using: &generator)).map { _ in text(120) }
            let result = TextMessage.of(messages, host: host)
            #expect(TextMessage.fits(result), "host \(host.debugDescription)")
            if !TextMessage.fits(result) { return }
        }
    }

    @Test func `Delayed text messages are combined into one of the same maximum size`() {
        let alerts = (1...400).map { number in
            let time = Timestamp(seconds: 1_700_000_000 + number)
            let message = "[web\(number)](\(number)) exited unexpectedly"
            return Alert(
                subject: nil, body: "db1: \(message)", time: time,
                incidents: [Incident(.exited, at: time, message: message)])
        }
        let digest = Digest.of(alerts, from: "crashsms")
        #expect(TextMessage.fits(digest.body))
        #expect(digest.body.hasPrefix("\(HostName.current): [web1](1) exited unexpectedly\n"))
        #expect(digest.body.wholeMatch(of: /(?s).*\n\+39\d more/) != nil)
        #expect(digest.time == alerts[0].time)
    }
}
