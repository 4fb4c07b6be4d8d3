import EventLoop
import Foundation
import System
import Testing

/// Children are commands here: a worker is a fork of a program with one thread, which a test runner
/// is not.
struct PollLoopTests {
    /// Runs one child to its end.
    private func run(
        _ program: ChildProgram, input: String = "", deadline: Duration = .seconds(20),
        limit: Int = 65_536
    ) throws -> ChildReport {
        let loop = try PollLoop()
        var report: ChildReport?
        loop.start(program, input: Array(input.utf8), deadline: deadline, limit: limit) {
            report = $0
            loop.stop()
        }
        loop.run()
        return try #require(report)
    }

    @Test func `timers fire in the order in which they are due`() throws {
        let loop = try PollLoop()
        var order: [Int] = []
        loop.after(.milliseconds(40)) {
            order.append(3)
            loop.stop()
        }
        loop.after(.milliseconds(20)) { order.append(2) }
        loop.after(.zero) { order.append(1) }
        loop.run()
        #expect(order == [1, 2, 3])
    }

    @Test func `a cancelled timer does not fire`() throws {
        let loop = try PollLoop()
        var hasFired = false
        let timer = loop.after(.milliseconds(5)) { hasFired = true }
        loop.after(.zero) { loop.cancel(timer) }
        loop.after(.milliseconds(30)) { loop.stop() }
        loop.run()
        #expect(!hasFired)
    }

    @Test func `it is idle once after each time that a handler has run`() throws {
        let loop = try PollLoop()
        var order: [String] = []
        loop.idleTime = .milliseconds(5)
        loop.onIdle = {
            order.append("idle")
            // After the first time another handler runs, after the second one none for a while.
            if order.count == 1 {
                loop.after(.zero) { order.append("handler") }
            } else {
                loop.after(.milliseconds(40)) { loop.stop() }
            }
        }
        loop.run()
        #expect(order == ["idle", "handler", "idle"])
    }

    @Test func `a child is started when the handler that asks for it has returned`() throws {
        let loop = try PollLoop()
        let variable = "POLL_LOOP_TESTS_ANSWERED"
        defer { unsetenv(variable) }
        var report: ChildReport?
        loop.after(.zero) {
            loop.start(.shell("printf %s \"$\(variable)\""), deadline: .seconds(20)) {
                report = $0
                loop.stop()
            }
            setenv(variable, "yes", 1)
        }
        loop.run()
        #expect(try #require(report).output == Array("yes".utf8))
    }

    @Test func `a child that is not started yet need not be killed`() throws {
        let loop = try PollLoop()
        var reports = 0
        loop.after(.zero) {
            loop.start(.shell("exit 0"), deadline: .seconds(20)) { _ in reports += 1 }
            loop.killChildren()
            loop.after(.milliseconds(1)) { loop.stop() }
        }
        loop.run()
        #expect(reports == 0)
    }

    @Test func `a child finds its input and its streams are kept apart`() throws {
        let report = try run(.shell("cat; echo words >&2; exit 3"), input: "to be sent")
        #expect(report.end == .exited(3))
        #expect(report.output == Array("to be sent".utf8))
        #expect(report.diagnostics == Array("words\n".utf8))
    }

    @Test func `a child that does not read its input can exit normally`()
        throws
    {
        let report = try run(.shell("exit 0"), input: String(repeating: "x", count: 1_000_000))
        #expect(report.end == .exited(0))
    }

    @Test func `a child that never reads is killed at its deadline with its descendants`()
        throws
    {
        let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: file) }
        let report = try run(
            .shell("sleep 60 & echo $! > '\(file.path)'; wait"),
            input: String(repeating: "x", count: 1_000_000), deadline: .seconds(2))
        #expect(report.end == .timedOut)
        let text = try String(contentsOf: file, encoding: .utf8)
        let grandchild = try #require(pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)))
        #expect(Self.isGone(grandchild))
    }

    /// Whether a process is gone soon; whoever inherits it has to reap it first.
    private static func isGone(_ process: pid_t) -> Bool {
        for _ in 0..<500 {
            let state = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
            guard let state, !state.contains(") Z ") else { return true }
            usleep(10_000)
        }
        return false
    }

    @Test func `a grandchild that keeps the pipes does not delay the report`()
        throws
    {
        let started = ContinuousClock.now
        let report = try run(.shell("sleep 15 & echo done"))
        #expect(report.end == .exited(0))
        #expect(report.output == Array("done\n".utf8))
        #expect(ContinuousClock.now - started < .seconds(14))
    }

    @Test func `output beyond the limit is discarded and does not block the child`() throws {
        let report = try run(.shell("head -c 3000000 /dev/zero; exit 5"), limit: 1_000)
        #expect(report.end == .exited(5))
        #expect(report.output.count == 1_000)
    }

    @Test func `a signal that kills a child is reported by its number`() throws {
        #expect(try run(.shell("kill -SEGV $$")).end == .signalled(SIGSEGV))
    }

    @Test func `starting a missing program fails with the reason`() throws {
        let report = try run(.command(["/nonexistent/gcore", "-o"]))
        let error = SystemError("cannot run /nonexistent/gcore", code: ENOENT)
        #expect(report.end == .notStarted(error))
        #expect("\(error)" == "cannot run /nonexistent/gcore: No such file or directory")
    }

    @Test func `a command gets its arguments unchanged, without a shell`() throws {
        let report = try run(.command(["printf", "%s|", "$(id)", "a b", "`id`", "网站"]))
        #expect(String(decoding: report.output, as: UTF8.self) == "$(id)|a b|`id`|网站|")
    }

    @Test func `a child has descriptors 0, 1 and 2 and no others`() throws {
        let report = try run(.shell("ls /proc/$$/fd"))
        #expect(String(decoding: report.output, as: UTF8.self) == "0\n1\n2\n")
    }

    @Test func `a hundred simultaneous children are all reported`() throws {
        let loop = try PollLoop()
        var statuses: [Int32] = []
        for number in 0..<100 {
            loop.start(.shell("exit \(number)"), deadline: .seconds(60)) { [unowned loop] report in
                if case .exited(let status) = report.end { statuses.append(status) }
                if statuses.count == 100 { loop.stop() }
            }
        }
        loop.after(.seconds(60)) { [unowned loop] in loop.stop() }
        loop.run()
        #expect(statuses.sorted() == Array(0..<100).map(Int32.init))
    }
}
