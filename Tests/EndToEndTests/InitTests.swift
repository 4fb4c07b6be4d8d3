// superlance init: the duties of a container's first process, as in tini's tests.

import Foundation
import TestSupport
import Testing

@Suite struct InitTests {
    /// The environments that a test runs it in.
    enum Place: String, CaseIterable {
        case firstOfItsNamespace, amongOthers

        static var allowed: [Place] { PIDNamespace.isAllowed ? allCases : [.amongOthers] }
    }

    @Test(.enabled(if: PIDNamespace.isAllowed, Comment(rawValue: PIDNamespace.refusal)))
    func isTriedAsFirstProcess() throws {
        let output = try RunningInit(.firstOfItsNamespace, "echo $PPID; exec sleep 60").greeting
        #expect(output == "1")
    }

    // MARK: The status

    @Test(
        arguments: Place.allowed,
        [
            ("exit 0", 0), ("exit 7", 7), ("exit 255", 255), ("kill -TERM $$", 143),
            ("kill -KILL $$", 137),
        ] as [(String, Int32)])
    func endsWithTheStatusOfTheCommand(_ place: Place, _ ending: (script: String, status: Int32))
        throws
    {
        #expect(try RunningInit(place, ending.script, greets: false).end() == ending.status)
    }

    @Test(
        arguments: [
            ("echo 7", 7), ("printf 9", 9), ("echo 0", 0), ("echo 137", 137), ("true", 3),
            ("echo", 3), (":", 3),
            ("echo seven", 1), ("echo 256", 1), ("echo -1", 1), ("echo 99999999999999999999", 1),
        ] as [(String, Int32)])
    func endsWithTheStatusInTheFile(_ writing: (command: String, status: Int32)) throws {
        let script = "\(writing.command) >$SUPERLANCE_STATUS_FILE; exit 3"
        #expect(try RunningInit(.amongOthers, script, greets: false).end() == writing.status)
    }

    @Test func namesTheFileByAnAbsolutePath() throws {
        let folder = try TemporaryDirectory()
        let output = try ChildProcess.run([
            "/usr/bin/env", "-C", folder.path, "TMPDIR=.", Tool.superlance, "init", "--",
            "printenv", "SUPERLANCE_STATUS_FILE",
        ])
        #expect(
            String(decoding: output, as: UTF8.self).hasPrefix("\(folder.path)/superlance-status."))
    }

    @Test func readsTheFileThatItMadeAndNoOther() throws {
        let script = """
            rm $SUPERLANCE_STATUS_FILE; echo 9 >$SUPERLANCE_STATUS_FILE; exit 3
            """
        #expect(try RunningInit(.amongOthers, script, greets: false).end() == 3)
    }

    @Test func keepsTheFileToItselfAndRemovesIt() throws {
        let folder = try TemporaryDirectory()
        let child = try ChildProcess(
            [
                Tool.superlance, "init", "sh", "-c",
                "stat -c '%a %s' $SUPERLANCE_STATUS_FILE; dirname $SUPERLANCE_STATUS_FILE",
            ], environment: ChildProcess.environment(adding: ["TMPDIR": folder.path]))
        #expect(try child.readLine() == "600 1")
        #expect(try child.readLine() == folder.path)
        #expect(try child.waitForExit() == .exited(0))
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["stderr"]
                || FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    @Test func runsTheCommandWithoutAFileWhereNoneCanBeMade() throws {
        let child = try ChildProcess(
            [
                Tool.superlance, "init", "sh", "-c",
                "echo \"${SUPERLANCE_STATUS_FILE-none}\"; exit 5",
            ],
            environment: ChildProcess.environment(adding: [
                // One of another container, or of the image.
                "TMPDIR": "/nonexistent", "SUPERLANCE_STATUS_FILE": "/nonexistent/other",
            ]))
        #expect(try child.readLine() == "none")
        #expect(try child.waitForExit() == .exited(5))
        #expect(
            child.standardError
                == "superlance init: warning: cannot create a file in /nonexistent: No such file or directory; "
                + "the exit status will be that of sh\n")
    }

    // MARK: The command line

    @Test(
        arguments: [
            (["nosuchcommand"], 127, "cannot run nosuchcommand: No such file or directory"),
            (["/etc/passwd"], 126, "cannot run /etc/passwd: Permission denied"),
            ([], 64, "the command to run is missing"),
            (["--"], 64, "the command to run is missing"),
            (["-x"], 64, "unknown option '-x'"),
        ] as [([String], Int32, String)])
    func namesWhatIsWrongWithTheCommand(_ use: (words: [String], status: Int32, text: String))
        throws
    {
        let child = try ChildProcess([Tool.superlance, "init"] + use.words)
        #expect(try child.waitForExit() == .exited(use.status))
        #expect(child.standardError.hasPrefix("superlance init: error: \(use.text)"))
    }

    @Test func passesArgumentsOnAsTheyAre() throws {
        let child = try ChildProcess([
            "/bin/sh", "-c", #"exec "$0" init -- printf '%s|' -- -n "$(printf '\377')" 'a b'"#,
            Tool.superlance,
        ])
        #expect(try child.readToEnd() == Array("--|-n|".utf8) + [0xff] + Array("|a b|".utf8))
    }

    // MARK: Signals

    @Test(
        arguments: Place.allowed,
        ["HUP", "INT", "QUIT", "USR1", "USR2", "TERM", "WINCH", "ALRM", "PIPE", "TSTP"])
    func forwardsSignals(_ place: Place, _ name: String) throws {
        let running = try RunningInit(
            place,
            "trap 'echo got \(name); exit 4' \(name); echo ready; while :; do sleep 0.05; done")
        #expect(running.greeting == "ready")
        try running.signal(name)
        #expect(try running.process.readLine() == "got \(name)")
        #expect(try running.end() == 4)
    }

    @Test(arguments: Place.allowed)
    func leavesNoTraceInTheCommandsSignals(_ place: Place) throws {
        func masks(_ output: [UInt8]) -> [Substring] {
            String(decoding: output, as: UTF8.self).split(separator: "\n").filter {
                ["SigBlk", "SigIgn", "SigCgt"].contains($0.prefix(6))
            }
        }
        let running = try RunningInit(place, "exec cat /proc/self/status", greets: false)
        let without = try ChildProcess(["/bin/bash", "-c", "exec cat /proc/self/status"])
        #expect(try masks(running.process.readToEnd()) == masks(without.readToEnd()))
    }

    @Test(arguments: Place.allowed, ["STOP", "TSTP", "TTIN", "TTOU"])
    func goesOnWhenTheCommandStopsItself(_ place: Place, _ name: String) throws {
        let running = try RunningInit(
            place,
            """
            trap 'echo got TERM; exit 6' TERM
            (sleep 0.3; echo orphan) & echo ready; kill -\(name) $$; echo continued; sleep 60 & wait
            """)
        let command = try #require(running.children().first)
        try running.waitForState("T", of: command)
        // It still reaps and forwards; SIGTERM reaches the stopped process.
        #expect(try running.process.readLine() == "orphan")
        try running.signal("CONT")
        #expect(try running.process.readLine() == "continued")
        _ = Glibc.kill(command, SIGSTOP)
        try running.waitForState("T", of: command)
        try running.signal("TERM")
        #expect(try running.process.readLine() == "got TERM")
        #expect(try running.end() == 6)
    }

    // MARK: Orphans

    @Test(arguments: Place.allowed)
    func reapsOrphansAndTheirOrphans(_ place: Place) throws {
        // Each shell leaves an orphan that leaves another one.
        let running = try RunningInit(
            place,
            """
            for i in 1 2 3 4 5; do sh -c '(sh -c "(sleep 0.2; exit 3) & exit 2" &) & exit 1'; done
            sleep 0.4; echo ready; exec sleep 60
            """)
        try eventually("the end of all orphans") {
            try running.children().count == 1
                && running.children().allSatisfy { running.state(of: $0) != "Z" }
        }
        try running.signal("TERM")
        #expect(try running.end() == 143)
    }

    @Test(.enabled(if: PIDNamespace.isAllowed, Comment(rawValue: PIDNamespace.refusal)))
    func leavesNobodyBehindInItsNamespace() throws {
        let running = try RunningInit(
            .firstOfItsNamespace,
            "trap '' TERM HUP; setsid sleep 61 & (setsid sh -c 'trap \"\" TERM; sleep 62' &); "
                + "echo ready; sleep 0.2; exit 9")
        let all = ProcessTree.descendants(of: running.process.pid)
        #expect(try running.end() == 9)
        #expect(all.allSatisfy { !ProcessTree.isAlive($0) })
    }

    // MARK: The terminal

    @Test func sharesTheTerminalWithTheCommand() throws {
        let output = try ChildProcess.run([
            "/usr/bin/python3", "-c", Self.terminal, Tool.superlance,
        ])
        #expect(
            String(decoding: output, as: UTF8.self)
                == "read: hello\ninterrupts: 1\nstopped: True\ncontinued: True\nstatus: 8\n")
    }

    /// Simulates a person at a terminal, with a shell's job control.
    private static let terminal = #"""
        import os, pty, signal, sys, time, select
        script = '''
        trap 'n=$((n+1)); echo interrupts: $n' INT
        read line; echo read: $line
        while ! read line; do :; done; echo continued: True
        exit 8
        '''
        pid, fd = pty.fork()
        if pid == 0:
            # What a shell does: the job has a group of its own, in the foreground.
            signal.signal(signal.SIGTTOU, signal.SIG_IGN)
            job = os.fork()
            if job == 0:
                os.setpgid(0, 0); os.tcsetpgrp(0, os.getpid())
                signal.signal(signal.SIGTTOU, signal.SIG_DFL)
                os.execv(sys.argv[1], [sys.argv[1], "init", "bash", "-c", script])
            while True:
                _, status = os.waitpid(job, os.WUNTRACED)
                os.tcsetpgrp(0, os.getpgrp())
                if not os.WIFSTOPPED(status): break
                print("stopped: True", flush=True)
                os.tcsetpgrp(0, job); os.killpg(job, signal.SIGCONT)
            print("status:", os.WEXITSTATUS(status), flush=True)
            os._exit(0)
        seen = b""
        def until(words):
            global seen
            end = time.monotonic() + 20
            while words not in seen:
                assert time.monotonic() < end, seen
                if select.select([fd], [], [], 1)[0]: seen += os.read(fd, 1000)
        os.write(fd, b"hello\n"); until(b"read: hello")
        time.sleep(0.2); os.write(fd, b"\x03"); until(b"interrupts: 1")
        time.sleep(0.2); os.write(fd, b"\x1a"); until(b"stopped: True")
        time.sleep(0.2); os.write(fd, b"again\n"); until(b"continued: True")
        until(b"status: 8"); time.sleep(0.1)
        wanted = (b"read", b"interrupts", b"stopped", b"continued", b"status")
        for line in seen.replace(b"^C", b"").replace(b"^Z", b"").splitlines():
            if line.split(b":")[0] in wanted: print(line.decode())
        """#

    // MARK: Its size

    @Test func doesWithoutLibcurl() throws {
        let running = try RunningInit(.amongOthers, "echo ready; exec sleep 60")
        let maps = try String(
            contentsOfFile: "/proc/\(running.identifier)/maps", encoding: .utf8)
        #expect(!maps.contains("libcurl"))
    }
}

/// `superlance init` with a shell script as its command.
private final class RunningInit {
    let process: ChildProcess
    let greeting: String
    let identifier: Int32

    init(_ place: InitTests.Place, _ script: String, greets: Bool = true) throws {
        let isFirst = place == .firstOfItsNamespace
        process = try ChildProcess(
            (isFirst ? PIDNamespace.command : []) + [Tool.superlance, "init", "bash", "-c", script])
        greeting = greets ? try process.readLine() : ""
        identifier =
            isFirst && greets
            ? try #require(Self.children(of: process.pid).first) : process.pid
    }

    func signal(_ name: String) throws {
        try ChildProcess.run(["/bin/kill", "-\(name)", "\(identifier)"])
    }

    /// The exit status, passed on by the program that creates the namespace.
    func end() throws -> Int32? {
        guard case .exited(let status) = try process.waitForExit() else { return nil }
        return status
    }

    func children() throws -> [Int32] { Self.children(of: identifier) }

    private static func children(of pid: Int32) -> [Int32] {
        let path = "/proc/\(pid)/task/\(pid)/children"
        let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        return text.split(separator: " ").compactMap { Int32($0) }
    }

    func state(of pid: Int32) -> String? {
        let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
        return text?.split(separator: ")").last?.split(separator: " ").first.map(String.init)
    }

    func waitForState(_ state: String, of pid: Int32) throws {
        try eventually("state \(state) of \(pid)") { self.state(of: pid) == state }
    }
}
