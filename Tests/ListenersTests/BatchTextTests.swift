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
            BatchText.of([
                incident(1, diagnostics), incident(2, nil), incident(3, .init(host: "db1")),
            ])
                == """
                line 1
                line 2
                line 3

                site:web (pid 1)
                    host: db1

                    last 2 lines of /log:
                      a
                      b

                site:web (pid 3)
                    host: db1
                """)
    }

    @Test func `Without diagnostics there are only superlance's lines`() {
        #expect(BatchText.of([incident(1, nil), incident(2, .init())]) == "line 1\nline 2")
    }

    @Test func `Only the first fifty incidents have diagnostics`() {
        let text = BatchText.of((1...60).map { incident($0, .init(host: "db1")) })
        #expect(text.contains("line 60\n\nsite:web (pid 1)\n"))
        #expect(text.contains("site:web (pid 50)\n"))
        #expect(text.hasSuffix("\n\ndetails of the other 10 are omitted"))
    }
}
