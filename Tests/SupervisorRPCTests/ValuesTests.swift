import Curl
import Testing

@testable import ListenerProtocol
@testable import SupervisorRPC

struct RPCValuesTests {
    @Test(arguments: [
        ("NOT_RUNNING: web", "<Fault 70: 'NOT_RUNNING: web'>"),
        ("it's", "<Fault 70: \"it's\">"),
        ("it's \"so\"", "<Fault 70: 'it\\'s \"so\"'>"),
        ("a\\b\n\r\t\u{1b}\u{7f}", "<Fault 70: 'a\\\\b\\n\\r\\t\\x1b\\x7f'>"),
        ("網站 é", "<Fault 70: '網站 é'>"),
        ("\u{a0}\u{200b}\u{e0001}", "<Fault 70: '\\xa0\\u200b\\U000e0001'>"),
    ])
    func `a fault is described as in Python`(text: String, expected: String) {
        #expect("\(Fault(code: .notRunning, message: text))" == expected)
    }

    @Test(arguments: [
        ("Application Error: no process named x", FaultCode.badName),
        ("Application Error: BAD_NAME no process named x", .badName),
        ("Application Error: fail to find process x", .badName),
        ("Application Error: No such process x", .badName), ("no such process x", .badName),
        ("Application Error: fail to start process x", .abnormalTermination),
        ("Application Error: fail to stop process x", .failed),
        ("Application Error: NOT_RUNNING", .notRunning), ("FAILED", .failed),
        ("Application Error: 网站", FaultCode(rawValue: -32_500)), ("", .init(rawValue: -32_500)),
    ])
    func `a fault of the Go host gets its number by its text`(text: String, code: FaultCode) {
        let fault = Fault(code: FaultCode(rawValue: -32_500), message: text).numbered
        #expect(fault == Fault(code: code, message: text))
    }

    @Test func `a fault with its own number keeps it`() {
        let fault = Fault(code: .notRunning, message: "no process named x")
        #expect(fault.numbered == fault)
    }

    @Test func `a process needs only its name`() throws {
        let info = try SupervisedProcess(.structure([.init("name", .string("web"))]))
        #expect(info == SupervisedProcess(name: "web"))
        #expect(info.group == "web")
        #expect(info.state == .unknown)
        #expect(info.processName.description == "web")
        #expect(info.processName.qualifiedName == "web:web")
    }

    @Test func `odd fields of a process get their defaults`() throws {
        let info = try SupervisedProcess(
            .structure([
                .init("name", .string("a")), .init("group", .string("")), .init("pid", .null),
                .init("state", .int(77)), .init("exitstatus", .string("3")),
                .init("spawnerr", .int(1)), .init("extra", .array([])),
            ]))
        #expect(info.group == "a")
        #expect(info.pid == 0)
        #expect(info.stateCode == 77)
        #expect(info.state == .unknown)
        #expect(info.exitStatus == 3)
        #expect(info.spawnError == "")
    }

    @Test(arguments: [
        XMLRPCValue.string("x"), .structure([]), .structure([.init("name", .string(""))]),
        .structure([.init("name", .int(1))]),
    ])
    func `a process without a name is rejected`(value: XMLRPCValue) {
        #expect(throws: ResponseError.self) { try SupervisedProcess(value) }
    }

    @Test func `a name follows that of its group if both differ`() {
        #expect("\(ProcessName(group: "web", name: "one"))" == "web:one")
    }

    @Test(arguments: ProcessState.allCases)
    func `a state has supervisord's number`(state: ProcessState) {
        let numbers = [0, 10, 20, 30, 40, 100, 200, 1000]
        #expect(ProcessState.allCases.map(\.rawValue) == numbers)
        #expect(ProcessState(rawValue: state.rawValue) == state)
    }
}

struct RPCServerURLTests {
    @Test(arguments: [
        ("unix:///run/supervisor.sock", "http://localhost/RPC2", "unix:///run/supervisor.sock"),
        ("http://127.0.0.1:9001", "http://127.0.0.1:9001/RPC2", "http://127.0.0.1:9001"),
        ("http://localhost:9001/", "http://localhost:9001/RPC2", "http://localhost:9001"),
        ("http://localhost:9001/RPC2", "http://localhost:9001/RPC2", "http://localhost:9001"),
        ("https://host/far/RPC2", "https://host/far/RPC2", "https://host"),
        ("http://[::1]:9001", "http://[::1]:9001/RPC2", "http://[::1]:9001"),
        ("http://me:pass@word@host:1", "http://host:1/RPC2", "http://host:1"),
    ])
    func `a server URL is parsed`(text: String, url: String, description: String) throws {
        let server = try ServerURL(text)
        #expect(server.url == url)
        #expect("\(server)" == description)
        #expect(server.socketPath == (text.hasPrefix("unix") ? "/run/supervisor.sock" : nil))
    }

    @Test(arguments: [
        ("http://me:secret@h", "me", "secret"), ("http://me:pass@word@h", "me", "pass@word"),
        ("http://me:a:b@h", "me", "a:b"), ("http://me@h", "me", ""),
        ("http://m%40e:%3a%zz%@h", "m@e", ":%zz%"),
    ])
    func `credentials in the URL are parsed and never shown`(
        text: String, user: String, password: String
    ) throws {
        let server = try ServerURL(text)
        #expect(server.credentials?.user == user)
        #expect(server.credentials?.password == password)
        var dumped = ""
        dump(server, to: &dumped)
        if !password.isEmpty {
            #expect(!"\(server)\(String(reflecting: server))\(dumped)".contains(password))
        }
    }

    @Test(arguments: [
        ("", "a server URL begins with unix://, http:// or https://"),
        ("127.0.0.1:9001", "a server URL begins with unix://, http:// or https://"),
        ("unix://", "no path of a socket after unix:// in the server URL"),
        ("unix://relative", "no path of a socket after unix:// in the server URL"),
        ("http://", "no host and port in the server URL"),
        ("http://me:secret@:9001", "no host and port in the server URL"),
        ("http://host:0", "no host and port in the server URL"),
        ("http://host:99999", "no host and port in the server URL"),
        ("http://host:x", "no host and port in the server URL"),
        ("http://::1:9001", "no host and port in the server URL"),
        ("http://[::1", "no host and port in the server URL"),
        ("http://me:sec/ret@host:1", "no host and port in the server URL"),
        ("http://host/a b", "a space in the path of the server URL"),
    ])
    func `an invalid URL is rejected with a reason`(text: String, reason: String) {
        let error = #expect(throws: ServerURL.ParseError.self) { try ServerURL(text) }
        #expect(error?.description == reason)
    }
}
