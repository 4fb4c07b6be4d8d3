import Foundation
import System
import Testing

@testable import ListenerProtocol

struct ListenerSessionTests {
    /// A session whose other end is in the test's hands.
    private final class Supervisor {
        let session: ListenerSession
        private let toListener = Pipe()
        private let fromListener = Pipe()

        init() {
            session = ListenerSession(
                input: Descriptor(rawValue: toListener.fileHandleForReading.fileDescriptor),
                output: Descriptor(rawValue: fromListener.fileHandleForWriting.fileDescriptor))
        }

        func send(_ text: String) {
            toListener.fileHandleForWriting.write(Data(text.utf8))
        }

        func send(_ name: String, _ payload: String, serial: Int) {
            send(
                """
                ver:3.0 server:s serial:\(serial) pool:p poolserial:\(serial) \
                eventname:\(name) len:\(payload.unicodeScalars.count)\n\(payload)
                """)
        }

        func close() {
            try? toListener.fileHandleForWriting.close()
        }

        func logEnd() {
            try? fromListener.fileHandleForReading.close()
        }

        /// Everything the listener has said so far.
        func heard() -> String {
            String(decoding: fromListener.fileHandleForReading.availableData, as: UTF8.self)
        }
    }

    @Test func `the session is READY, an event, RESULT, READY`() throws {
        let supervisor = Supervisor()
        supervisor.send("TICK_5", "when:1", serial: 1)
        #expect(try supervisor.session.next()?.name == .tick5)
        #expect(supervisor.heard() == "READY\n")
        supervisor.session.acknowledge()
        #expect(supervisor.heard() == "RESULT 2\nOKREADY\n")
        supervisor.close()
        #expect(try supervisor.session.next() == nil)
    }

    @Test func `a failed write ends the session`() throws {
        signal(SIGPIPE, SIG_IGN)
        let supervisor = Supervisor()
        supervisor.send("TICK_5", "when:1", serial: 1)
        #expect(try supervisor.session.next() != nil)
        supervisor.logEnd()
        supervisor.session.acknowledge()
        #expect(!supervisor.session.isOutputOpen)
        supervisor.send("TICK_5", "when:2", serial: 2)
        #expect(try supervisor.session.next() == nil)
    }

    @Test func `each event is acknowledged once`() throws {
        let supervisor = Supervisor()
        supervisor.send("TICK_5", "when:1", serial: 1)
        _ = try supervisor.session.next()
        supervisor.session.acknowledge()
        supervisor.session.acknowledge()
        supervisor.session.start()
        #expect(supervisor.heard() == "READY\nRESULT 2\nOKREADY\n")
    }

    @Test func `a repeated event is acknowledged and not returned`() throws {
        let supervisor = Supervisor()
        supervisor.send("TICK_5", "when:1", serial: 7)
        _ = try supervisor.session.next()
        supervisor.session.acknowledge()
        supervisor.send("TICK_5", "when:1", serial: 7)
        supervisor.send("TICK_5", "when:6", serial: 8)
        #expect(try supervisor.session.next()?.header.serial == 8)
        #expect(supervisor.heard() == "READY\nRESULT 2\nOKREADY\nRESULT 2\nOKREADY\n")
    }

    @Test func `a length in bytes is detected after a short silence`() throws {
        let supervisor = Supervisor()
        let payload = "processname:网站 groupname:网站 from_state:RUNNING expected:0 pid:7"
        supervisor.send(
            "ver:3.0 server:s serial:1 pool:p poolserial:1 eventname:PROCESS_STATE_EXITED "
                + "len:\(payload.utf8.count)\n\(payload)")
        #expect(try supervisor.session.next()?.text == payload)
    }

    @Test func `output of a program is never parsed as an event`() throws {
        let supervisor = Supervisor()
        let forged = "ver:3.0 server:s serial:9 pool:p poolserial:9 eventname:TICK_5 len:6\nwhen:5"
        let head = "processname:cat groupname:cat pid:7 channel:stdout\n"
        let letters = String(repeating: "é", count: forged.utf8.count)
        supervisor.send("PROCESS_LOG_STDOUT", head + letters + forged, serial: 1)
        #expect(try supervisor.session.next()?.text == head + letters + forged)
        supervisor.session.acknowledge()
        #expect(try supervisor.session.receiveBuffered() == .incomplete)
        supervisor.send("TICK_5", "when:1", serial: 2)
        #expect(try supervisor.session.next()?.header.serial == 2)
        #expect(supervisor.heard() == "READY\nRESULT 2\nOKREADY\n")
    }

    @Test func `the end of the input completes an event, as a silence does`() throws {
        let supervisor = Supervisor()
        supervisor.send("ver:3.0 serial:1 eventname:PROCESS_GROUP_ADDED len:16\ngroupname:网站")
        supervisor.close()
        #expect(try supervisor.session.receive() == .ambiguous)
        guard case .event(let event) = try supervisor.session.receive() else {
            Issue.record("the event is lost")
            return
        }
        #expect(event.text == "groupname:网站")
        supervisor.session.acknowledge()
        #expect(try supervisor.session.receive() == .end)
    }

    @Test func `the input is drained after a protocol error`() throws {
        let supervisor = Supervisor()
        supervisor.send("nonsense\nmore nonsense\n")
        #expect(throws: ProtocolError.self) { try supervisor.session.next() }
        #expect(!supervisor.session.input.wait(for: .reading, atMost: .zero))
    }

    @Test func `serials are remembered by their server, the last thousands of them`() throws {
        var filter = RepeatFilter()
        func header(_ serial: Int, _ server: String = "a") throws -> EventHeader {
            try EventHeader("server:\(server) serial:\(serial) eventname:TICK_5 len:0")
        }
        let first = try [header(1), header(1), header(1, "b")].map { filter.isRepeat($0) }
        #expect(first == [false, true, false])
        let others = try (2...4_000).map { filter.isRepeat(try header($0)) }
        #expect(!others.contains(true))
        let remembered = filter.isRepeat(try header(1))
        #expect(remembered)
        let later = try (4_001...9_000).map { filter.isRepeat(try header($0)) }
        #expect(!later.contains(true))
        let last = try [header(1), header(9_000)].map { filter.isRepeat($0) }
        #expect(last == [false, true])
    }

    @Test(arguments: [-1, Int.min + 1, 4_294_967_295, 4_294_967_296, Int.max])
    func `a serial out of range is never a repeat`(serial: Int) throws {
        var filter = RepeatFilter()
        let header = try EventHeader("serial:\(serial) eventname:TICK_5 len:0")
        let answers = [filter.isRepeat(header), filter.isRepeat(header)]
        #expect(answers == [false, false])
    }

    @Test func `an event without a serial is never a repeat`() throws {
        var filter = RepeatFilter()
        let header = try EventHeader("eventname:TICK_5 len:0")
        let answers = [filter.isRepeat(header), filter.isRepeat(header)]
        #expect(answers == [false, false])
    }
}
