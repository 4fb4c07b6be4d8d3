import TestSupport
import Testing

@testable import ListenerProtocol
@testable import SupervisorRPC

/// Calls to a true supervisord, over its socket and its port.
@Suite struct TrueSupervisordTests {
    private static let sleeper = Supervisord.Section.program(
        "sleeper", "/bin/sleep 86400", ["startsecs": "1", "autostart": "false"])

    @Test(arguments: Supervisord.Version.allCases)
    func `it is queried and controlled over its socket`(
        _ version: Supervisord.Version
    ) throws {
        let supervisord = try Supervisord(version, [Self.sleeper])
        let path = supervisord.directory.path("supervisor.sock")
        try converse(SupervisorClient(server: try ServerURL("unix://\(path)")))
    }

    @Test(arguments: Supervisord.Version.allCases)
    func `it is queried and controlled over its port, with a login`(
        _ version: Supervisord.Version
    ) throws {
        let port = try FreePort.find()
        let server = Supervisord.Section(
            "[inet_http_server]\nport=127.0.0.1:\(port)\nusername=lance\npassword=p:w @网\n")
        let supervisord = try Supervisord(version, [server, Self.sleeper])
        for host in ["127.0.0.1", "localhost"] {
            let url = try ServerURL("http://\(host):\(port)")
            try converse(SupervisorClient(server: url, username: "lance", password: "p:w @网"))
            #expect(throws: RPCError.unauthorized) {
                try SupervisorClient(server: url, username: "lance", password: "x").getState()
            }
        }
        withExtendedLifetime(supervisord) {}
    }

    /// A start that is waited for takes a second, in which nothing comes.
    private func converse(_ client: SupervisorClient) throws {
        #expect(try client.getIdentification() == "supervisor")
        #expect(try client.getState().name == "RUNNING")
        try client.startProcess("sleeper")
        #expect(try client.getAllProcessInfo().map(\.state) == [.running])
        try client.stopProcess("sleeper")
        #expect(try client.getProcessInfo("sleeper:sleeper").state == .stopped)
        let infos = try client.getProcessInfo(["sleeper:sleeper", "nobody:nobody", "sleeper"])
        #expect(infos.map { $0?.state } == [.stopped, nil, .stopped])
        #expect(try client.readLog(last: 1_000).contains("stopped: sleeper"))
        let error = #expect(throws: RPCError.self) { try client.startProcess("nobody") }
        #expect(error == .fault(Fault(code: .badName, message: "BAD_NAME: nobody")))
    }
}
