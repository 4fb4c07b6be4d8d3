import ListenerProtocol
import Testing

@testable import Listeners

struct CheckTemplateTests {
    private let process = ProcessName(group: "shop", name: "web_07")

    private func template(_ text: String) throws -> CheckTemplate {
        try CheckTemplate(OptionValue(name: "URL", text: text))
    }

    @Test(arguments: [
        ("http://h/?a=b", nil, "http://h/?a=b"), ("web=http://h/?a=b", "web", "http://h/?a=b"),
        ("shop:web_*=https://h/", "shop:web_*", "https://h/"),
        ("tcp://h:5432", nil, "tcp://h:5432"),
        ("db=tcp://[::1]:5432", "db", "tcp://[::1]:5432"), ("unix:/run/a=b", nil, "unix:/run/a=b"),
        ("app=unix:/run/app.sock", "app", "unix:/run/app.sock"),
        ("exec:env A=b true", nil, "exec:env A=b true"),
        ("q=exec:test 'a=b'", "q", "exec:test 'a=b'"),
        ("a=unix:///run/s", "a", "unix:/run/s"), ("*=http://u:p@h/", "*", "http://h/"),
        ("jobexec:jx=http://h/", "jobexec:jx", "http://h/"),
        ("tcp:jx=http://h/", "tcp:jx", "http://h/"),
        ("unix:jx=tcp://h:1", "unix:jx", "tcp://h:1"),
        ("[e]xec:jx=exec:true", "[e]xec:jx", "exec:true"),
        ("exec:jx=http://h/", nil, "exec:jx=http://h/"),
    ])
    func `a pattern ends at the first equals sign before the target`(
        text: String, pattern: String?, target: String
    ) throws {
        let template = try template(text)
        #expect(template.pattern?.description == pattern)
        #expect(try template.target(for: process).redacted == target)
        #expect(!template.isPerProcess)
    }

    @Test(arguments: [
        ("http://127.0.0.1:{8000+num}/h", "http://127.0.0.1:8007/h"),
        ("http://h:{num+8000}/", "http://h:8007/"), ("http://h/{num}", "http://h/7"),
        ("http://h/{num:02}", "http://h/07"), ("http://h/{num:4}/{num-7}", "http://h/0007/0"),
        ("http://{name}.{group}/", "http://web_07.shop/"),
        ("w*=tcp://h:{9000+num:05}", "tcp://h:09007"), ("http://h:{num}/", "http://h:7/"),
        ("tcp://h:{num-1}", "tcp://h:6"), ("http://h:{num-6}/", "http://h:1/"),
        ("unix:/run/{group}/{name}.sock", "unix:/run/shop/web_07.sock"),
        ("exec:check {name} '{group}' {print}", "exec:check web_07 'shop' {print}"),
    ])
    func `placeholders are replaced for each process`(text: String, target: String) throws {
        let template = try template(text)
        #expect(template.isPerProcess)
        #expect(try template.target(for: process).redacted == target)
    }

    @Test func `a name adds nothing to a URL and no words to a command`() throws {
        let odd = ProcessName(group: "g", name: "a b/../@c 1")
        #expect(
            try template("http://h/{name}").target(for: odd).redacted
                == "http://h/a%20b%2F..%2F%40c%201")
        #expect(
            try template("exec:check {name}").target(for: odd)
                == .command(["check", "a b/../@c 1"], text: "check a b/../@c 1"))
    }

    @Test func `a process without digits has no number`() throws {
        let error = #expect(throws: UsageError.self) {
            try template("http://h:{8000+num}/").target(for: ProcessName(group: "web", name: "web"))
        }
        #expect(error?.description == "URL: web has no number at the end of its name for {num}")
    }

    @Test(arguments: [
        ("http://h/{nun}", "URL: {nun} is not a placeholder, use \(TemplateText.forms)"),
        ("http://h/{}", "URL: {} is not a placeholder, use \(TemplateText.forms)"),
        ("http://h/{num:0}", "URL: {num:0} is not a placeholder, use \(TemplateText.forms)"),
        ("http://h/{name", "URL: '{' without '}', use \(TemplateText.forms)"),
        ("=http://h/", "URL: the name of a process is missing before '='"),
        (
            "http://h:{70000+num}/",
            "URL requires an http or https URL with a host: the port is a number from 1 to 65535"
        ),
        ("tcp://h", "URL requires tcp://host:port and nothing else, not 'tcp://h'"),
        ("tcp:h:1", "URL requires tcp://host:port and nothing else, not 'tcp:h:1'"),
        ("tcp://h:1/x", "URL requires tcp://host:port and nothing else, not 'tcp://h:1/x'"),
        ("unix:relative", "URL: unix: requires the full path of a socket"),
        (
            "unix:/\(String(repeating: "x", count: 107))",
            "URL: the path of a socket has 107 bytes at most"
        ),
        ("a=b=http://h/", "URL requires an http or https URL with a host"),
    ])
    func `an invalid operand is rejected with what to change`(text: String, reason: String) {
        let error = #expect(throws: UsageError.self) { try template(text) }
        #expect(error?.description == reason)
    }

    @Test(arguments: ["exec:", "exec:'a", "exec:  "])
    func `a command has words, and quotes that are closed`(text: String) {
        #expect(throws: UsageError.self) { try template(text) }
    }
}
