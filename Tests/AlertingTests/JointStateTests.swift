import ListenerProtocol
import System
import Testing

@testable import Alerting

/// The states of several processes in one line.
@Suite struct JointStateTests {
    private static let down = "stays down: supervisord does not restart it"

    private static func words(_ states: [(Int, String)], unknown: Int = 0) -> String? {
        JointState.words(
            states.flatMap { count, state in
                (1...count).map { (process: "\(state.prefix(1))\($0)", state: state) }
            }, unknown: unknown)
    }

    @Test(
        arguments: [
            ([(20, down)], 0, "all 20 stay down: supervisord does not restart them"),
            ([(4, "restarted, running")], 0, "all 4 restarted, running"),
            ([(1, down)], 0, "s1: stays down: supervisord does not restart it"),
            ([(2, down)], 0, "s1, s2: stay down: supervisord does not restart them"),
            (
                [(12, "restarted, running"), (8, down), (1, "in BACKOFF, second try")], 0,
                "12 restarted, running; 8 stay down: supervisord does not restart them; "
                    + "i1: in BACKOFF, second try"
            ),
            ([(18, "restarted, running")], 2, "18 restarted, running; 2 unknown"),
            (
                [(5, "stays down: supervisord no longer starts it")], 0,
                "all 5 stay down: supervisord no longer starts them"
            ),
            ([(4, "running: it is healthy again")], 0, "all 4 running: they are healthy again"),
        ] as [([(Int, String)], Int, String)])
    func `processes of one state are counted`(
        states: [(Int, String)], unknown: Int, expected: String
    ) {
        #expect(Self.words(states, unknown: unknown) == expected)
    }

    @Test func `without any state there is no line`() {
        #expect(JointState.words([], unknown: 3) == nil)
    }

    private static func incident(_ name: String, _ second: Int, _ state: String?) -> Incident {
        var found = Diagnostics(host: "shop-1")
        found.state = state
        return Incident(
            .exited, at: Timestamp(seconds: second), to: ProcessName(group: name, name: name),
            message: "\(name) died", diagnostics: found)
    }

    @Test func `of a process that died twice the last state counts`() {
        let incidents = [
            Self.incident("web", 1, "restarted, running (pid 7)"), Self.incident("job", 2, nil),
            Self.incident("web", 3, Self.down),
        ]
        #expect(
            JointState.line(incidents)
                == "now: web: stays down: supervisord does not restart it; 1 unknown")
        // Its second death has no state yet.
        #expect(JointState.line(incidents + [Self.incident("web", 4, nil)]) == nil)
    }
}
