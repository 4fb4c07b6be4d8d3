import Alerting
import ListenerProtocol
import System
import Testing

@testable import Listeners

/// How often a process died lately, and how far back that goes.
@Suite struct DeathRegisterTests {
    private let web = ProcessName(group: "site", name: "web")
    private let job = ProcessName(group: "job", name: "job")
    private let start = Instant.now

    @Test func `A listener that has run for an hour counts within the last hour`() {
        var register = CrashHistory(started: start)
        #expect(register.note(web, at: start + .seconds(3_600)).words == "1 in the last hour")
        #expect(register.note(web, at: start + .seconds(3_700)).words == "2 in the last hour")
        #expect(register.note(job, at: start + .seconds(3_700)).words == "1 in the last hour")
        #expect(register.note(web, at: start + .seconds(7_250)).words == "2 in the last hour")
        #expect(register.note(web, at: start + .seconds(20_000)).words == "1 in the last hour")
    }

    @Test func `A younger listener counts since its start`() {
        let time = Timestamp(seconds: 1_700_000_000)
        var register = CrashHistory(started: start, at: time)
        let since = "since \(time.formatted("%H:%M:%S")), when this listener started"
        #expect(register.note(web, at: start + .seconds(1)).words == "1 \(since)")
        #expect(register.note(web, at: start + .seconds(3_599)).words == "2 \(since)")
        #expect(register.note(web, at: start + .seconds(3_600)).words == "3 in the last hour")
    }

    @Test func `At most a thousand crashes of a process are counted`() {
        var register = CrashHistory(started: start)
        for second in 1...1_000 { _ = register.note(web, at: start + .seconds(6_000 + second)) }
        for second in [7_001, 7_002] {
            let text = register.note(web, at: start + .seconds(second)).words
            #expect(text == "more than 1000 in the last hour")
        }
        // Those that were forgotten were the first to be over an hour old.
        #expect(
            register.note(web, at: start + .seconds(6_100 + 3_600)).words == "904 in the last hour")
    }
}
