import Testing

@testable import Alerting

/// The block that follows superlance's text.
@Suite struct ExplanationTests {
    @Test func `Everything that is known stands in a line of its own, the log below`() {
        var explanation = Explanation(host: "db1")
        explanation.supervisor = "supervisor"
        explanation.exitStatus = 3
        explanation.signal = "terminated by SIGSEGV"
        explanation.uptime = 4_000
        explanation.deaths = "2 in the last hour"
        explanation.spawnError = "can't find command 'web'"
        explanation.logFile = "/var/log/web.err"
        explanation.logTail = ["one", "", "three"]
        explanation.sections = ["a section\nof two lines"]
        #expect(
            explanation.text == """
                host: db1
                supervisor: supervisor
                exit status: 3
                signal: terminated by SIGSEGV
                uptime: 1 h 6 min
                deaths: 2 in the last hour
                spawn error: can't find command 'web'

                a section
                of two lines

                last 3 lines of /var/log/web.err:
                  one
                \("  ")
                  three
                """)
    }

    @Test func `Nothing is said of what is not known`() {
        #expect(Explanation().text == "")
        #expect(Explanation(host: "db1").text == "host: db1")
        var explanation = Explanation()
        explanation.logFile = "/var/log/web.err"
        #expect(explanation.text == "")
        explanation.logTail = ["one"]
        #expect(explanation.text == "last line of /var/log/web.err:\n  one")
    }

    @Test(arguments: [
        (-5, "0 s"), (0, "0 s"), (1, "1 s"), (59, "59 s"), (60, "1 min"), (61, "1 min 1 s"),
        (3_599, "59 min 59 s"), (3_600, "1 h"), (3_661, "1 h 1 min"), (86_400, "1 d"),
        (90_061, "1 d 1 h"), (400 * 86_400, "400 d"),
    ])
    func `A duration has its two greatest units`(_ seconds: Int, _ text: String) {
        #expect(Explanation.duration(seconds) == text)
    }

    @Test func `Control characters are visible wherever they come from`() {
        var explanation = Explanation(host: "a\u{1B}[2Jb")
        explanation.spawnError = "bell \u{7}"
        explanation.logFile = "/tmp/\u{8}x"
        explanation.logTail = [
            "\u{1B}[31mred\u{1B}[0m", "nul \u{0} delete \u{7F} csi \u{9B}2J", "\ttab",
        ]
        explanation.sections = ["held by \u{1B}]0;title\u{7}"]
        let alert = Alert(subject: "s", body: explanation.text, time: .now)
        #expect(alert.body == alert.body.withVisibleControls)
        #expect(alert.body.contains(#"  \u{1B}[31mred\u{1B}[0m"#))
        #expect(alert.body.contains(#"nul \0 delete \u{7F} csi \u{009B}2J"#))
        #expect(alert.body.contains("  \ttab"))
        #expect(alert.body.contains(#"held by \u{1B}]0;title\u{07}"#))
    }

    @Test func `What is found out later counts more`() {
        var first = Explanation(host: "db1")
        first.signal = "killed by a signal"
        var second = Explanation()
        second.signal = "terminated by SIGKILL"
        second.uptime = 4
        let sum = first.adding(second)
        #expect(sum.host == "db1")
        #expect(sum.signal == "terminated by SIGKILL")
        #expect(sum.uptime == 4)
    }
}
