import Foundation
import TestSupport
import Testing

/// Processes that are signalled before they are restarted.
@Suite struct PresignalTests {
    @Test(arguments: [true, false])
    func `A process is spared only if all its sites pass after the signal`(isHealed: Bool) throws {
        let site = try HTTPSite()
        let other = try HTTPSite()
        try site.behave(.init(status: 503, reason: "No"))
        // It answers when the restart has begun.
        try other.behave(.init(status: 503, reason: "No", delay: 1))
        let scene = try Scene(
            .httpok, ["--presignal", "USR1:2s", "web=\(site.url)a", "web=\(other.url)b"],
            [.running("web")])
        try scene.tick()
        try scene.supervisord.waitForCall("signalProcess")
        try site.behave(.init())
        if isHealed { try other.behave(.init()) }
        try scene.rest()
        let actions = try scene.supervisord.actions().filter { !$0.hasPrefix("signal") }
        #expect(actions == (isHealed ? [] : ["stopProcess web", "startProcess web"]))
        let line = "web is not restarted: it is healthy again\n"
        #expect(scene.tool.standardError.contains(line) == isHealed)
    }

    @Test(arguments: [("2GB", false), ("10MB", true)])
    func `A process is spared only if its group is below the limit, too`(
        _ total: String, isRestarted: Bool
    ) throws {
        let program = """
            import signal, sys, time
            memory = [bytearray(int(sys.argv[1]))]
            signal.signal(signal.SIGUSR1, lambda *_: memory.clear())
            print("ready", flush=True)
            while True: time.sleep(60)
            """
        let large = try ChildProcess(["/usr/bin/env", "python3", "-c", program, "90000000"])
        let peer = try ChildProcess(["/usr/bin/env", "python3", "-c", program, "10"])
        #expect(try large.readLine() == "ready")
        #expect(try peer.readLine() == "ready")
        let scene = try Scene(
            .memmon,
            ["--presignal", "USR1:1s", "-p", "big=60MB", "--group-total", "shop=\(total)"],
            [
                .init("big", group: "shop", pid: Int(large.pid)),
                .init("small", group: "shop", pid: Int(peer.pid)),
            ])
        try scene.tick()
        try scene.supervisord.waitForCall("signalProcess")
        kill(large.pid, SIGUSR1)
        try scene.rest()
        let actions = try scene.supervisord.actions().filter { !$0.hasPrefix("signal") }
        #expect(
            actions == (isRestarted ? ["stopProcess shop:big", "startProcess shop:big"] : []))
    }
}
