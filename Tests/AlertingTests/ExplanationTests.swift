import System
import Testing
import Text

@testable import Alerting

/// The block that follows superlance's text.
@Suite struct ExplanationTests {
    @Test func `Each detail has its own line, followed by the log`() {
        var diagnostics = Diagnostics(host: "db1")
        diagnostics.supervisor = "supervisor"
        diagnostics.exitStatus = 3
        diagnostics.signal = "terminated by SIGSEGV"
        diagnostics.state = "stays down"
        diagnostics.oomKiller = "has killed nothing"
        diagnostics.uptime = 4_000
        diagnostics.deaths = "2 in the last hour"
        diagnostics.spawnError = "can't find command 'web'"
        diagnostics.logs = [
            LogExcerpt("/var/log/web.err", lines: ["one", "", "three"], note: "before 7"),
            LogExcerpt("/var/log/web.out", lines: ["out"]),
            LogExcerpt("/var/log/web.old", refusal: "it is gone"),
        ]
        diagnostics.sections = ["a section\nof two lines"]
        #expect(
            diagnostics.text == """
                now: stays down
                host: db1
                supervisor: supervisor
                exit status: 3
                signal: terminated by SIGSEGV
                OOM killer: has killed nothing
                uptime: 1 h 6 min
                deaths: 2 in the last hour
                spawn error: can't find command 'web'

                a section
                of two lines

                last 3 lines of /var/log/web.err (before 7):
                  one
                \("  ")
                  three

                last line of /var/log/web.out:
                  out

                /var/log/web.old is not shown: it is gone
                """)
    }

    @Test func `Unknown details are omitted`() {
        #expect(Diagnostics().text == "")
        #expect(Diagnostics(host: "db1").text == "host: db1")
        var diagnostics = Diagnostics()
        #expect(diagnostics.text == "")
        diagnostics.logs = [LogExcerpt("/var/log/web.err", lines: ["one"])]
        #expect(diagnostics.text == "last line of /var/log/web.err:\n  one")
    }

    @Test(arguments: [
        (-5, "0 s"), (0, "0 s"), (1, "1 s"), (59, "59 s"), (60, "1 min"), (61, "1 min 1 s"),
        (3_599, "59 min 59 s"), (3_600, "1 h"), (3_661, "1 h 1 min"), (86_400, "1 d"),
        (90_061, "1 d 1 h"), (400 * 86_400, "400 d"),
    ])
    func `A duration has its two largest units`(_ seconds: Int, _ text: String) {
        #expect(Diagnostics.duration(seconds) == text)
    }

    @Test func `Control characters from any source are escaped`() {
        var diagnostics = Diagnostics(host: "a\u{1B}[2Jb")
        diagnostics.spawnError = "bell \u{7}"
        let lines = ["\u{1B}[31mred\u{1B}[0m", "nul \u{0} delete \u{7F} csi \u{9B}2J", "\ttab"]
        diagnostics.logs = [LogExcerpt("/tmp/\u{8}x", lines: lines)]
        diagnostics.sections = ["held by \u{1B}]0;title\u{7}"]
        let alert = Alert(subject: "s", body: diagnostics.text, time: .now)
        #expect(alert.body == alert.body.withVisibleControls)
        #expect(alert.body.contains(#"  \u{1B}[31mred\u{1B}[0m"#))
        #expect(alert.body.contains(#"nul \0 delete \u{7F} csi \u{009B}2J"#))
        #expect(alert.body.contains("  \ttab"))
        #expect(alert.body.contains(#"held by \u{1B}]0;title\u{07}"#))
    }

    @Test func `Later details take precedence`() {
        var first = Diagnostics(host: "db1")
        first.signal = "killed by a signal"
        var second = Diagnostics()
        second.signal = "terminated by SIGKILL"
        second.uptime = 4
        let sum = first.adding(second)
        #expect(sum.host == "db1")
        #expect(sum.signal == "terminated by SIGKILL")
        #expect(sum.uptime == 4)
    }

    @Test func `Logs that are read again are not shown twice`() {
        var first = Diagnostics()
        first.logs = [LogExcerpt("web.log", lines: ["panic"]), LogExcerpt("out", refusal: "no")]
        var second = Diagnostics()
        second.logs = [LogExcerpt("web.log", lines: ["panic", "started"])]
        #expect(first.adding(second).logs == first.logs)
        #expect(Diagnostics().adding(second).logs == second.logs)
    }
}
