import Alerting
import ListenerProtocol
import System
import Testing

@testable import Listeners

/// The text of a batch: superlance's lines, then what is known of each.
@Suite struct BatchTextTests {
    private func incident(_ number: Int, _ diagnostics: Diagnostics?) -> Incident {
        Incident(
            .exited, at: Timestamp(seconds: number),
            to: .init(group: "site", name: "web"), pid: number,
            message: "line \(number)", diagnostics: diagnostics)
    }

    @Test func `Lines come first, diagnostics below`() {
        var diagnostics = Diagnostics(host: "db1")
        diagnostics.logs = [LogExcerpt("/log", lines: ["a", "b"])]
        #expect(
            BatchBody.of([
                incident(1, diagnostics), incident(2, nil), incident(3, .init(host: "db1")),
            ])
                == """
                line 1
                line 2
                line 3

                site:web (pid 3): 3 times from \(Self.clock(1)) to \(Self.clock(3))
                    host: db1
                """)
        #expect(
            BatchBody.of([incident(1, nil), incident(2, diagnostics)])
                == """
                line 1
                line 2

                site:web (pid 2): 2 times from \(Self.clock(1)) to \(Self.clock(2))
                    host: db1

                    last 2 lines of /log:
                      a
                      b
                """)
    }

    private static func clock(_ second: Int) -> String {
        Timestamp(seconds: second).formatted("%H:%M:%S")
    }

    @Test func `Each process has one block`() {
        let job = Incident(
            .exited, at: Timestamp(seconds: 9), to: .init(group: "job", name: "job"), pid: 9,
            message: "line 9", diagnostics: .init(host: "db1"))
        let text = BatchBody.of(
            [job] + (1...13).map { incident($0, .init(host: "db1")) })
        #expect(
            text.hasSuffix(
                """
                line 13

                job:job (pid 9)
                    host: db1

                site:web (pid 13): 13 times from \(Self.clock(1)) to \(Self.clock(13))
                    host: db1
                """))
    }

    @Test func `The states of all are below the first line, and in each block`() {
        var down = Diagnostics(host: "db1")
        down.state = "stays down: supervisord does not restart it"
        down.exitStatus = 3
        var up = Diagnostics(host: "db1")
        up.state = "restarted, running (pid 12)"
        let job = Incident(
            .exited, at: Timestamp(seconds: 9), to: .init(group: "job", name: "job"), pid: 9,
            message: "line 9", diagnostics: down)
        let incidents = [incident(1, up), incident(2, up), job]
        #expect(
            BatchBody.of(incidents)
                == """
                line 1
                now: site:web: restarted, running; job: stays down: supervisord does not restart it
                line 2
                line 9

                site:web (pid 2): 2 times from \(Self.clock(1)) to \(Self.clock(2))
                    now: restarted, running (pid 12)
                    host: db1

                job:job (pid 9)
                    now: stays down: supervisord does not restart it
                    host: db1
                    exit status: 3
                """)
        #expect(!BatchBody.of(incidents, hasState: false).contains("\nnow: "))
        let alert = Alert(
            subject: "s", body: BatchBody.of(incidents), time: .now, incidents: incidents)
        #expect(Alert(records: alert.records) == alert)
    }

    @Test func `Without diagnostics there are only superlance's lines`() {
        #expect(BatchBody.of([incident(1, nil), incident(2, .init())]) == "line 1\nline 2")
    }

    @Test func `Fifty lines and fifty processes are shown, and the number of the others`() {
        let incidents = (1...60).map { number in
            Incident(
                .exited, at: Timestamp(seconds: number),
                to: .init(group: "p\(number)", name: "p\(number)"), pid: number,
                message: "line \(number)", diagnostics: .init(host: "db1"))
        }
        let text = BatchBody.of(incidents)
        #expect(text.contains("line 49\nline 50\nand 10 more\n\np1:p1 (pid 1)\n"))
        #expect(text.contains("p50:p50 (pid 50)\n"))
        #expect(text.hasSuffix("\n\nthe diagnostics of 10 other processes are omitted"))
        #expect(BatchBody.of(Array(incidents.prefix(50))).contains("line 50\n\np1:p1"))
    }
}
