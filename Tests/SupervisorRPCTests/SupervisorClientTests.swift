import Foundation
import System
import TestSupport
import Testing

@testable import ListenerProtocol
@testable import SupervisorRPC

struct RPCSupervisorClientTests {
    private func client(
        _ server: PythonServer, user: String? = nil, password: String? = nil
    ) throws -> SupervisorClient {
        SupervisorClient(
            server: try ServerURL("http://127.0.0.1:\(server.port)"),
            username: user, password: password)
    }

    private func socketPath() -> String {
        "/tmp/rpc-tests-\(UUID().uuidString.prefix(8)).sock"
    }

    @Test func `supervisord answers over TCP`() throws {
        let server = try PythonServer("rpc_server.py")
        let client = try client(server)
        #expect(try client.getIdentification() == "supervisor")
        #expect(try client.getState() == SupervisorState(code: 1, name: "RUNNING"))
        let infos = try client.getAllProcessInfo()
        #expect(infos.map(\.processName.description) == ["web:a", "web:網站"])
        let info = try client.getProcessInfo("網站")
        #expect(info.state == .running)
        #expect(info.pid == 4711)
        #expect(info.start == 1_700_000_000)
        #expect(info.now == 1_700_000_100)
        #expect(info.stderrLogfile == "/var/log/err")
        try client.stopProcess("web:a")
        try client.startProcess("web:a")
    }

    @Test func `supervisord answers over a socket`() throws {
        let path = socketPath()
        defer { unlink(path) }
        let server = try PythonServer("rpc_server.py", "--unix", path)
        let client = SupervisorClient(server: try ServerURL("unix://\(path)"))
        #expect(try client.getIdentification() == "supervisor")
        withExtendedLifetime(server) {}
    }

    @Test func `values arrive as they were sent`() throws {
        let server = try PythonServer("rpc_server.py")
        let client = try client(server)
        let value = XMLRPCValue.structure([
            .init("text", .string("a<b>&\"'\n 網站")),
            .init("list", .array([.int(-3), .bool(true)])),
        ])
        #expect(try client.call("test.echo", [value]) == value)
    }

    @Test func `control characters are removed from a log`() throws {
        let server = try PythonServer("rpc_server.py")
        let client = try client(server)
        #expect(try client.readProcessStderrLog("a", last: 100) == "[31mred")
        #expect(try client.readProcessStdoutLog("a", last: 3) == "网")
        // Where that begins within a character, supervisord answers with a status of 500.
        #expect(try client.readProcessStdoutLog("a", last: 4) == "z网")
        #expect(try client.readProcessStderrLog("a", last: 3, upTo: 5) == "31m")
        #expect(try client.readProcessStdoutLog("a", last: 5, upTo: 6) == "yz网")
        #expect(try client.readLog(last: 4) == "last")
    }

    @Test func `a fault is reported in Python's form`() throws {
        let server = try PythonServer("rpc_server.py")
        let client = try client(server)
        let error = #expect(throws: RPCError.self) { try client.getProcessInfo("nobody") }
        #expect(error == .fault(Fault(code: .badName, message: "BAD_NAME: nobody")))
        #expect(error?.description == "<Fault 10: 'BAD_NAME: nobody'>")
        #expect(error?.isConnectionFailure == false)
    }

    @Test func `an unknown method names the setting to change`() {
        let error = RPCError.fault(Fault(code: .unknownMethod, message: "UNKNOWN_METHOD"))
        #expect(
            error.description
                == "supervisord has no such method: "
                + "add [rpcinterface:supervisor] to supervisord.conf")
    }

    @Test func `credentials are sent, and missing ones are named`() throws {
        let server = try PythonServer("rpc_server.py", "--login", "me:s3cret")
        #expect(
            try client(server, user: "me", password: "s3cret").getIdentification()
                == "supervisor")
        let url = try ServerURL("http://me:s3cret@127.0.0.1:\(server.port)")
        #expect(try SupervisorClient(server: url).getIdentification() == "supervisor")
        #expect(
            try SupervisorClient(server: url, username: "", password: "").getIdentification()
                == "supervisor")
        let plain = try client(server)
        let wrong = try client(server, user: "me", password: "hunter2")
        for client in [plain, wrong] {
            let error = #expect(throws: RPCError.self) { try client.getIdentification() }
            #expect(error == .unauthorized)
            #expect(
                error?.description
                    == "supervisord rejected the login: set SUPERVISOR_USERNAME and "
                    + "SUPERVISOR_PASSWORD in this listener's environment=")
        }
    }

    @Test(arguments: [
        ("404", "returned 404 Something Else: check the address of supervisord"),
        ("500", "returned 500 Something Else"),
        ("garbage", "returned no valid XML-RPC response: no <methodResponse>"),
        ("truncated", "returned no valid XML-RPC response: no element found in line 1"),
    ])
    func `an invalid response is reported`(mode: String, text: String) throws {
        let server = try PythonServer("rpc_server.py", "--mode", mode)
        let client = try client(server)
        let error = #expect(throws: RPCError.self) { try client.getState() }
        #expect(error == .invalidResponse("http://127.0.0.1:\(server.port) \(text)"))
    }

    @Test(arguments: ["huge", "endless"])
    func `an endless response is cut off`(mode: String) throws {
        let server = try PythonServer("rpc_server.py", "--mode", mode)
        let client = try client(server)
        let error = #expect(throws: RPCError.self) { try client.getState() }
        #expect(error == .tooLarge(16_777_216))
    }

    @Test func `an answer in chunks is read, and not waited for longer`() throws {
        let server = try PythonServer("rpc_server.py", "--mode", "chunks")
        #expect(try client(server).getAllProcessInfo().map(\.name) == ["a", "網站"])
    }

    @Test func `a response that is not HTTP is reported`() throws {
        let server = try PythonServer("rpc_server.py", "--mode", "ssh")
        let client = try client(server)
        let error = #expect(throws: RPCError.self) { try client.getState() }
        #expect(
            error
                == .invalidResponse(
                    "http://127.0.0.1:\(server.port) returned no valid HTTP response: "
                        + "it does not begin with HTTP/1"))
    }

    @Test(arguments: [
        ("short", "995 bytes of the response are missing"), ("reset", "Connection reset by peer"),
    ])
    func `a response that breaks off is reported`(mode: String, reason: String) throws {
        let server = try PythonServer("rpc_server.py", "--mode", mode)
        let client = try client(server)
        let error = #expect(throws: RPCError.self) { try client.getState() }
        #expect(
            error
                == .unreachable(
                    "the connection to http://127.0.0.1:\(server.port) broke: \(reason)"))
    }

    @Test func `a socket to which too many connect is waited for until the deadline`() throws {
        let path = socketPath()
        let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer {
            close(listener)
            unlink(path)
        }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(listener, $0, size) }
        }
        #expect(bound == 0 && listen(listener, 0) == 0)
        let client = SupervisorClient(server: try ServerURL("unix://\(path)"))
        // The first waits to be accepted, the second to be let in.
        for _ in 0..<2 {
            #expect(throws: RPCError.timedOut("unix://\(path) did not respond within 0.2 s")) {
                try client.call("supervisor.getState", timeout: .milliseconds(200))
            }
        }
    }

    @Test(arguments: ["hang", "drip"])
    func `a call to a server that hangs ends at the deadline`(mode: String) throws {
        let server = try PythonServer("rpc_server.py", "--mode", mode)
        let client = try client(server)
        let start = ContinuousClock.now
        let error = #expect(throws: RPCError.self) {
            try client.call("supervisor.getState", timeout: .milliseconds(300))
        }
        #expect(ContinuousClock.now - start < .seconds(3))
        #expect(
            error
                == .timedOut("http://127.0.0.1:\(server.port) did not respond within 0.3 s"))
        #expect(error?.isConnectionFailure == true)
    }

    @Test(arguments: ["drop-once", "cut-once"])
    func `a call that only reads is repeated when the connection breaks`(mode: String) throws {
        let server = try PythonServer("rpc_server.py", "--mode", mode)
        let client = try client(server)
        #expect(try client.getIdentification() == "supervisor")
        #expect(try client.call("test.connections") == .int(3))
    }

    @Test func `a call that changes something is never repeated`() throws {
        let server = try PythonServer("rpc_server.py", "--mode", "drop-once")
        let client = try client(server)
        let error = #expect(throws: RPCError.self) { try client.stopProcess("a") }
        #expect(
            error
                == .unreachable(
                    "the connection to http://127.0.0.1:\(server.port) broke: "
                        + "empty reply from server"))
        #expect(try client.call("test.connections") == .int(2))
    }

    @Test func `a connection that always breaks fails`() throws {
        let server = try PythonServer("rpc_server.py", "--mode", "drop")
        let client = try client(server)
        let error = #expect(throws: RPCError.self) { try client.getState() }
        #expect(error?.isConnectionFailure == true)
    }

    @Test func `an error for a closed port names the setting`() throws {
        let client = SupervisorClient(server: try ServerURL("http://127.0.0.1:1"))
        let error = #expect(throws: RPCError.self) { try client.getState() }
        #expect(
            error?.description
                == "nothing listens on http://127.0.0.1:1: "
                + "check port= in [inet_http_server]")
    }

    @Test func `an error for a missing socket names the setting`() throws {
        let path = socketPath()
        let client = SupervisorClient(server: try ServerURL("unix://\(path)"))
        let error = #expect(throws: RPCError.self) { try client.getState() }
        #expect(
            error?.description
                == "there is no socket \(path): "
                + "check file= in [unix_http_server]")
    }

    @Test(.disabled(if: geteuid() == 0, "root may open any socket"))
    func `an error for another user's socket names the setting`() throws {
        let path = socketPath()
        defer { unlink(path) }
        let server = try PythonServer("rpc_server.py", "--unix", path)
        chmod(path, 0)
        let client = SupervisorClient(server: try ServerURL("unix://\(path)"))
        let error = #expect(throws: RPCError.self) { try client.getState() }
        #expect(
            error?.description
                == "permission denied on \(path): set chmod= or chown= in [unix_http_server], "
                + "or run this listener without user=")
        withExtendedLifetime(server) {}
    }
}
