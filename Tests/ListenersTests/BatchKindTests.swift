import Alerting
import ListenerProtocol
import System
import Testing

@testable import Listeners

struct BatchKindTests {
    private let time = Timestamp(seconds: 1_795_212_103, milliseconds: 73)
    private var clock: String { "\(time.formatted("%Y-%m-%d %H:%M:%S")),073" }

    private func message(_ kind: BatchKind, _ name: EventName, _ payload: String) throws -> String?
    {
        let event = Event(
            header: try EventHeader(
                "ver:3.0 server:supervisor serial:1 pool:p poolserial:1 eventname:\(name.rawValue) "
                    + "len:\(payload.utf8.count)"),
            payload: Array(payload.utf8))
        guard case .processState(let change) = try event.content() else { return nil }
        return kind.message(change, name, at: time)
    }

    private static let exited = "processname:站 groupname:site from_state:RUNNING expected:"

    @Test func `A crash is reported by crashmailbatch and crashsms`() throws {
        let payload = Self.exited + "0 pid:4711"
        #expect(
            try message(.crashMail, .processStateExited, payload)
                == "\(clock) -- Process site:站 (pid 4711) died unexpectedly")
        #expect(
            try message(.crashSMS, .processStateExited, payload)
                == "[site:站](4711) exited unexpectedly \(clock)")
        #expect(try message(.fatalMail, .processStateExited, payload) == nil)
    }

    @Test(arguments: [BatchKind.crashMail, .crashSMS, .fatalMail])
    func `An expected exit is not reported`(_ kind: BatchKind) throws {
        #expect(try message(kind, .processStateExited, Self.exited + "1 pid:4711") == nil)
    }

    @Test func `A failed start is reported by fatalmailbatch`() throws {
        let payload = "processname:站 groupname:site from_state:BACKOFF"
        #expect(
            try message(.fatalMail, .processStateFatal, payload)
                == "\(clock) -- Process site:站 failed to start too many times")
        #expect(try message(.crashMail, .processStateFatal, payload) == nil)
        #expect(try message(.crashSMS, .processStateFatal, payload) == nil)
    }

    @Test(arguments: [BatchKind.crashMail, .crashSMS, .fatalMail])
    func `Other changes are not reported`(_ kind: BatchKind) throws {
        let payload = "processname:a groupname:a from_state:STARTING pid:1"
        for name in [EventName.processStateRunning, .processStateStopped, .processStateBackoff] {
            #expect(try message(kind, name, payload) == nil)
        }
    }

    @Test func `Only a text message has no subject`() {
        #expect(BatchKind.crashMail.subject == "Crash alert from supervisord")
        #expect(BatchKind.fatalMail.subject == "Fatal start alert from supervisord")
        #expect(BatchKind.crashSMS.subject == nil)
    }
}
