import ListenerProtocol
import Testing

@testable import Listeners

/// Stops that the Go implementation reports as failed starts.
@Suite struct RequestedStopsTests {
    private func explained(
        _ names: [String], isGoHost: Bool = true
    ) throws -> [Bool] {
        var stops = RequestedStops()
        return try names.map { name in
            let state = isGoHost ? "Running" : "RUNNING"
            let payload = "processname:one groupname:\(isGoHost ? "" : "one") from_state:\(state)"
            let event = Event(
                header: try EventHeader(
                    "ver:3.0 server:x serial:1 pool:x poolserial:1 "
                        + "eventname:PROCESS_STATE_\(name) len:\(payload.utf8.count)"),
                payload: Array(payload.utf8))
            guard case .processState(let change) = try event.content() else { return false }
            return stops.explain(change, event.name)
        }
    }

    @Test func `FATAL after STOPPING and BACKOFF is a stop`() throws {
        let names = ["STARTING", "RUNNING", "STOPPING", "BACKOFF", "FATAL", "FATAL"]
        #expect(try explained(names) == [false, false, false, false, true, false])
        #expect(try !explained(names, isGoHost: false).contains(true))
    }

    @Test(arguments: [
        ["STARTING", "BACKOFF", "FATAL"],
        ["STOPPING", "BACKOFF", "STARTING", "BACKOFF", "FATAL"],
        // A listener that does not get STARTING or BACKOFF misses no failed start.
        ["STOPPING", "FATAL"], ["STOPPING", "BACKOFF", "BACKOFF", "FATAL"],
    ])
    func `FATAL after a failed start is a failed start`(names: [String]) throws {
        #expect(try !explained(names).contains(true))
    }
}
