import Testing

@testable import Listeners

struct RestartOptionTests {
    private func value(_ text: String, of name: String = "--x") -> OptionValue {
        OptionValue(name: name, text: text)
    }

    private func message(_ read: () throws(UsageError) -> Void) -> String? {
        do throws(UsageError) {
            try read()
            return nil
        } catch {
            return error.description
        }
    }

    @Test(arguments: [("1", 1, 1), ("3", 3, 3), ("3/5", 3, 5), ("64/64", 64, 64), ("1/64", 1, 64)])
    func `a threshold is read`(text: String, failures: Int, checks: Int) throws {
        let threshold = try FailureThreshold(value(text))
        #expect(threshold == FailureThreshold(failures: failures, checks: checks))
    }

    @Test(arguments: [
        ("", "at the end"), ("0", "at character 1"), ("3/2", "at character 3"),
        ("3/65", "at character 3"), ("3/", "at the end"), ("3 ", "at character 2"),
        ("3/5x", "at character 4"), ("-1", "at character 1"), ("٣", "at character 1"),
    ])
    func `a wrong threshold is refused with its place`(text: String, place: String) throws {
        let message = try #require(
            message { () throws(UsageError) in
                _ = try FailureThreshold(value(text, of: "--failure-threshold"))
            })
        #expect(message.hasPrefix("--failure-threshold requires "))
        #expect(message.contains("\(place) of '\(text)'"))
    }

    @Test(arguments: [
        ("3", 3, 3_600), ("3/1h", 3, 3_600), ("1/90", 1, 90), ("10/7d", 10, 604_800),
    ])
    func `a limit is read`(text: String, count: Int, period: Int) throws {
        #expect(try RestartLimit(value(text)) == RestartLimit(count: count, period: period))
    }

    @Test func `a limit of no restarts names the option for that`() {
        let message = message { () throws(UsageError) in
            _ = try RestartLimit(value("0", of: "--max-restarts"))
        }
        #expect(
            message
                == "--max-restarts requires a number of restarts from 1 to 1000 (for none use "
                + "--action alert) at character 1 of '0'")
    }

    @Test(arguments: ["3/0", "3/", "3/1w", "3/h", "x", "3h", "3/1h/2"])
    func `a wrong limit is refused`(text: String) {
        #expect(throws: UsageError.self) { try RestartLimit(value(text)) }
    }

    @Test(arguments: [
        ("USR1", "USR1", 0), ("SIGUSR1:5", "USR1", 5), ("sigquit:1m", "QUIT", 60), ("3", "3", 0),
    ])
    func `a presignal is read`(text: String, signal: String, wait: Int) throws {
        let presignal = try Presignal(value(text))
        #expect(presignal == Presignal(signal: signal, wait: wait))
    }

    @Test(arguments: ["", "USR3", "SIG", "0", "65", "USR1:", "USR1:x", "USR1 5", "USR1:5:5"])
    func `a wrong presignal is refused`(text: String) {
        #expect(throws: UsageError.self) { try Presignal(value(text)) }
    }

    @Test func `an action is one of three words`() throws {
        #expect(try RestartAction(value("stop")) == .stop)
        #expect(
            message { () throws(UsageError) in
                _ = try RestartAction(value("reload", of: "--action"))
            } == "--action requires restart, stop or alert at character 1 of 'reload'")
    }

    @Test(arguments: [
        ("a b", ["a", "b"]), ("  /bin/x  ", ["/bin/x"]), ("a 'b c' \"d e\"", ["a", "b c", "d e"]),
        ("a'b'\"c\"", ["abc"]), (#"a\ b \'"#, ["a b", "'"]), ("a ''", ["a", ""]),
        (#"a 'b\'"#, ["a", #"b\"#]), ("a $HOME `x` ;", ["a", "$HOME", "`x`", ";"]),
    ])
    func `a command is split into words`(text: String, words: [String]) throws {
        #expect(try CommandWords.split(value(text)) == words)
    }

    @Test(arguments: [
        ("", "at the end"), ("   ", "at character 1"), ("a 'b", "at character 3"),
        (#"a \"#, "at the end"), ("'' x", "at character 1"),
    ])
    func `a wrong command is refused with its place`(text: String, place: String) throws {
        let message = try #require(
            message { () throws(UsageError) in
                _ = try CommandWords.split(value(text))
            })
        #expect(message.contains(place))
    }
}
