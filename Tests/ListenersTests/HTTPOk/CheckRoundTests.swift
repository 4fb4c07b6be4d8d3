// Checks of true sites, ports, sockets and commands.

import Curl
import Foundation
import ListenerProtocol
import TestSupport
import Testing

@testable import Listeners

/// Checks of true sites, ports, sockets and commands.
@Suite struct CheckRoundTests {
    private func check(_ target: String, _ terms: CheckTerms = CheckTerms()) throws -> Check {
        let template = try CheckTemplate(OptionValue(name: "URL", text: target))
        return Check(
            identity: target, target: try template.target(for: ProcessName(group: "", name: "")),
            processes: [], isPerProcess: false, terms: terms)
    }

    private func results(_ checks: [Check]) -> [CheckResult] {
        var results: [CheckResult] = []
        CheckRound.run(checks) { results.append($0) }
        return results
    }

    private func result(_ target: String, _ terms: CheckTerms = CheckTerms()) throws -> CheckResult
    {
        try #require(results([try check(target, terms)]).first)
    }

    private func isUnknown(_ result: CheckResult) -> Bool {
        if case .unknown = result.health { true } else { false }
    }

    // MARK: Many

    @Test func `a hundred checks are made, each once`() throws {
        let site = try HTTPSite()
        let results = results(try (0..<100).map { try check("\(site.url)\($0)") })
        #expect(Set(results.map(\.identity)).count == 100)
        #expect(results.allSatisfy { $0.health == .healthy && $0.status == 200 })
        #expect(Set(try site.requests().map(\.path)) == Set((0..<100).map { "/\($0)" }))
    }

    @Test func `a slow check delays no other`() throws {
        let slow = try HTTPSite()
        try slow.behave(.init(hang: true))
        let site = try HTTPSite()
        var terms = CheckTerms()
        terms.timeout = .seconds(3)
        let checks = [
            try check(slow.url, terms), try check("exec:sleep 60", terms), try check(site.url),
            try check("exec:true", terms),
        ]
        let results = results(checks)
        #expect(Set(results[..<2].map(\.identity)) == [site.url, "exec:true"])
        #expect(results[..<2].allSatisfy { $0.health == .healthy })
        #expect(Set(results[2...].map(\.identity)) == [slow.url, "exec:sleep 60"])
        for result in results[2...] { #expect(result.milliseconds < 30_000) }
        #expect(results[2...].contains { $0.health == .unhealthy("no exit within 3 s") })
    }

    // MARK: The answer

    @Test(arguments: [
        (#".status == "UP""#, true), (".n > 4", false), (".missing == 1", false),
    ])
    func `JSON is judged`(query: String, holds: Bool) throws {
        let site = try HTTPSite()
        try site.behave(.init(body: #"{"status": "UP", "n": 4}"#))
        var terms = CheckTerms()
        terms.expectation.queries = [try JSONQuery(query)]
        let result = try result(site.url, terms)
        #expect((result.health == .healthy) == holds)
        if !holds {
            #expect(result.subject == "bad body returned")
            #expect(result.message.hasPrefix("status contacting \(site.url): 200 OK\nJSON "))
        }
    }

    @Test(arguments: [
        ("^all", "error", HealthStatus.healthy),
        ("^well", "error", .unhealthy("the body does not match '^well'")),
        ("well$", "well", .unhealthy("the body contains 'well'")),
    ])
    func `expressions must be found, and other texts must not`(
        expression: String, forbidden: String, health: HealthStatus
    ) throws {
        let site = try HTTPSite()
        var terms = CheckTerms()
        terms.expectation.expressions = [try RegularExpression(expression)]
        terms.expectation.forbiddenTexts = [forbidden]
        #expect(try result(site.url, terms).health == health)
    }

    @Test func `an expression that does not finish makes the result unknown`() throws {
        let site = try HTTPSite()
        try site.behave(.init(body: String(repeating: "ab", count: 30_000) + "c"))
        var terms = CheckTerms()
        terms.timeout = .seconds(2)
        terms.expectation.expressions = [try RegularExpression("(.*)(.*)(.*)\\1\\2\\3x$")]
        #expect(
            try result(site.url, terms).health
                == .unknown("--regex takes longer than the timeout"))
    }

    @Test func `evidence contains the expectation, the result and the start of the response`()
        throws
    {
        let site = try HTTPSite()
        try site.behave(.init(status: 503, reason: "No", body: "down\u{1B}\nfor now"))
        let result = try result(site.url)
        #expect(result.health == .unhealthy("status 503 No"))
        #expect(result.status == 503)
        let lines = result.evidence.split(separator: "\n")
        #expect(lines[0] == "expected: status 200")
        #expect(lines[1].hasPrefix("got: status 503 No, after "))
        #expect(lines[2...] == ["the response begins:", "  down\\u{1B}", "  for now"])
    }

    @Test func `a server of another protocol is named so`() throws {
        let site = try HTTPSite()
        try site.behave(.init(raw: "SSH-2.0-OpenSSH_9\r\n"))
        let result = try result(site.url)
        #expect(result.cause == "the answer is not HTTP: 'SSH-2.0-OpenSSH_9'")
        #expect(result.health == .unhealthy("the answer is not HTTP"))
        let lines = result.evidence.split(separator: "\n")
        #expect(lines[1].hasPrefix("got: the answer is not HTTP, after "))
        #expect(lines[2...] == ["the response begins:", "  SSH-2.0-OpenSSH_9"])
    }

    @Test(arguments: [
        ("hello\r\n", "the answer is not HTTP"),
        ("SSH-2.0-OpenSSH_9\r\n", "the answer is not HTTP"),
        ("\r\nHTTP/1.1 200 OK\r\n\r\n", "the answer is not HTTP"),
        ("HTTP/1.1 2000 OK\r\n\r\n", "unsupported response code in HTTP response"),
        ("HTTP/5.0 200 OK\r\n\r\n", "unsupported HTTP version (5.0) in response"),
        (
            "HTTP/1.1 200 OK\r\nX: \(String(repeating: "a", count: 150_000))\r\n\r\n",
            "the response header is too long"
        ),
        (
            "HTTP/1.1 500 Bad\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nno colon\r\n\r\n",
            "failed reading the chunked-encoded stream"
        ),
    ])
    func `an invalid response is the site's fault`(response: String, reason: String) throws {
        let site = try HTTPSite()
        try site.behave(.init(raw: response))
        guard case .unhealthy(let text) = try result(site.url).health else {
            Issue.record("the site could not be checked")
            return
        }
        // Releases of libcurl differ in their words.
        if !reason.hasPrefix("failed") && !reason.hasPrefix("unsupported") {
            #expect(text == reason)
        }
    }

    @Test func `secrets that a site repeats are redacted`() throws {
        let site = try HTTPSite()
        try site.behave(.init(status: 403, reason: "No geheim", body: "me:geheim tok3n"))
        var terms = CheckTerms()
        terms.request.fields = [HTTPField("X-Token", "tok3n")]
        let result = try result(site.url(login: "me:geheim@"), terms)
        for text in [result.evidence, result.message, "\(result.health)"] {
            #expect(!text.contains("geheim") && !text.contains("tok3n"), "\(text)")
        }
        #expect(try site.requests()[0].headers["Authorization"] == "Basic bWU6Z2VoZWlt")
    }

    // MARK: The request

    @Test func `method, fields and body are sent`() throws {
        let site = try HTTPSite()
        var terms = CheckTerms()
        terms.request.method = .other("PUT")
        terms.request.fields = [HTTPField("Host", "shop.example"), HTTPField("X-A", "b")]
        terms.request.body = Array("ping".utf8)
        #expect(try result(site.url, terms).health == .healthy)
        let request = try site.requests()[0]
        #expect(request.method == "PUT")
        #expect(request.headers["Host"] == "shop.example")
        #expect(request.headers["X-A"] == "b")
        #expect(request.body == "ping")
    }

    @Test func `redirects are followed within the same host, and not for ever`() throws {
        let site = try HTTPSite()
        func redirect(_ target: String) -> HTTPSite.Behaviour {
            .init(status: 302, reason: "Found", headers: ["Location": target])
        }
        try site.behave(
            .init(paths: [
                "/a": redirect("/b"), "/b": redirect(site.url), "/loop": redirect("/loop"),
                "/away": redirect("http://localhost:\(site.port)/"),
            ]))
        var terms = CheckTerms()
        #expect(try result("\(site.url)a", terms).health == .unhealthy("status 302 Found"))
        terms.request.followsRedirects = true
        #expect(try result("\(site.url)a", terms).health == .healthy)
        #expect(
            try result("\(site.url)loop", terms).health == .unhealthy("more than 10 redirects"))
        #expect(try result("\(site.url)away", terms).health == .unhealthy("status 302 Found"))
    }

    @Test func `a login is sent to no other port`() throws {
        let other = try HTTPSite()
        let site = try HTTPSite()
        try site.behave(.init(status: 301, headers: ["Location": other.url]))
        var terms = CheckTerms()
        terms.request.followsRedirects = true
        terms.request.fields = [HTTPField("Authorization", "Bearer x"), HTTPField("X-A", "b")]
        #expect(try result(site.url(login: "me:geheim@"), terms).health == .healthy)
        let headers = try other.requests()[0].headers
        #expect(headers["Authorization"] == nil)
        #expect(headers["X-A"] == "b")
    }

    @Test func `the file with the login is read for each check`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path("login")
        let site = try HTTPSite()
        var terms = CheckTerms()
        terms.request.userFile = UserFile(path: path)
        #expect(isUnknown(try result(site.url, terms)))
        try "me:a:b\nrest".write(toFile: path, atomically: true, encoding: .utf8)
        #expect(try result(site.url, terms).health == .healthy)
        #expect(try site.requests().map { $0.headers["Authorization"] } == ["Basic bWU6YTpi"])
        try "nothing".write(toFile: path, atomically: true, encoding: .utf8)
        #expect(isUnknown(try result(site.url, terms)))
    }

    // MARK: TLS

    @Test func `a certificate is verified by default`() throws {
        let site = try HTTPSite(tls: true)
        var terms = CheckTerms()
        guard case .unhealthy = try result(site.url, terms).health else {
            Issue.record("an unknown authority was trusted")
            return
        }
        terms.request.verifiesServer = false
        #expect(try result(site.url, terms).health == .healthy)
    }

    @Test(arguments: [(1, false), (14, true)])
    func `a certificate that expires soon causes a notice, not a failure`(
        days: Int, isNoticed: Bool
    ) throws {
        let site = try HTTPSite(tls: true)
        var terms = CheckTerms()
        terms.request.authorities = CertificateAuthorities(file: site.certificate?.authority)
        terms.limits.certificateLife = .seconds(days * 86_400)
        let result = try result(site.url, terms)
        #expect(result.health == .healthy)
        #expect(result.notices.map(\.kind) == (isNoticed ? [.certificate] : []))
    }

    @Test func `a slow answer is noticed, or fails where that is wanted`() throws {
        let site = try HTTPSite()
        try site.behave(.init(delay: 0.2))
        var terms = CheckTerms()
        terms.limits.latency = .milliseconds(50)
        let noticed = try result(site.url, terms)
        #expect(noticed.health == .healthy)
        #expect(noticed.notices.map(\.kind) == [.slow])
        terms.limits.latencyFails = true
        guard case .unhealthy = try result(site.url, terms).health else {
            Issue.record("a slow answer did not fail")
            return
        }
        terms.limits.latency = .seconds(60)
        #expect(try result(site.url, terms).notices.isEmpty)
    }

    @Test func `a slow command is noticed, or fails where that is wanted`() throws {
        var terms = CheckTerms()
        terms.limits.latency = .milliseconds(50)
        let noticed = try result("exec:sleep 0.1", terms)
        #expect(noticed.health == .healthy)
        #expect(noticed.notices.map(\.kind) == [.slow])
        terms.limits.latencyFails = true
        let failed = try result("exec:sleep 0.1", terms)
        #expect(failed.health != .healthy && failed.cause.hasPrefix("responded after "))
        #expect(failed.message.hasPrefix("error contacting exec:sleep 0.1:\n\n responded after "))
        #expect(failed.evidence.contains("expected: exit status 0, within 50 ms\n"))
        // A command that fails has its own reason.
        #expect(
            try result("exec:sh -c 'sleep 0.1; exit 1'", terms).health
                == .unhealthy("it exited with status 1"))
    }

    @Test func `the last line of a command is its reason, wherever it wrote that`() throws {
        let last = try result("exec:sh -c 'echo one; echo disk is full >&2; exit 3'", CheckTerms())
        #expect(last.health == .unhealthy("it exited with status 3: disk is full"))
        #expect(last.evidence.hasSuffix("the response begins:\n  one\n  disk is full"))
        let other = try result("exec:sh -c 'echo note >&2; echo no space; exit 3'", CheckTerms())
        #expect(other.health == .unhealthy("it exited with status 3: no space"))
    }

    @Test func `only a web page has a status when it is slow`() {
        let limits = CheckLimits(latency: .zero, latencyFails: true)
        let causes = [0, 200].map { status in
            var result = CheckResult(
                identity: "", target: "tcp://db:5432", health: .healthy, processes: [],
                isPerProcess: false)
            result.status = status
            limits.note(latency: .milliseconds(20), of: &result)
            return result.cause
        }
        let reason = "responded after 20 ms, more than 0 ms"
        #expect(causes == [reason, "HTTP 200 \(reason)"])
    }

    // MARK: Ports, sockets and commands

    @Test func `a port is healthy if it accepts a connection`() throws {
        let site = try HTTPSite()
        try site.behave(.init(hang: true))
        #expect(try result("tcp://127.0.0.1:\(site.port)").health == .healthy)
        let closed = try HTTPSite(listening: false)
        var terms = CheckTerms()
        terms.timeout = .seconds(1)
        let refused = try result("tcp://127.0.0.1:\(closed.port)", terms)
        #expect(refused.message.hasPrefix("error contacting tcp://127.0.0.1:\(closed.port):\n\n "))
        #expect(refused.message.contains("Connection refused"))
    }

    @Test func `a socket is healthy if it accepts a connection, and transfers requests`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path("s")
        var terms = CheckTerms()
        terms.timeout = .seconds(1)
        let absent = try result("unix:\(path)", terms)
        let reason = "cannot connect to \(path): No such file or directory"
        #expect(absent.health == .unhealthy(reason))
        #expect(absent.message == "error contacting unix:\(path):\n\n \(reason)")
        terms.request.unixSocketPath = path
        #expect(try result("http://app.example/", terms).health == .unhealthy(reason))
        terms.request.unixSocketPath = nil
        let site = try HTTPSite(socket: path)
        #expect(try result("unix:\(path)", terms).health == .healthy)
        terms.request.unixSocketPath = path
        #expect(try result("http://shop.example/health", terms).health == .healthy)
        #expect(try site.requests().last?.headers["Host"] == "shop.example")
    }

    @Test(arguments: [
        ("exec:true", HealthStatus.healthy), ("exec:sh -c 'exit 0'", .healthy),
        ("exec:false", .unhealthy("it exited with status 1")),
        (
            "exec:sh -c 'echo one; echo two; echo; exit 3'",
            .unhealthy("it exited with status 3: two")
        ),
        ("exec:sh -c 'echo why >&2; exit 1'", .unhealthy("it exited with status 1: why")),
        ("exec:sh -c 'kill -9 $$'", .unhealthy("it was terminated by signal 9")),
    ])
    func `a command is healthy if it exits with 0`(target: String, health: HealthStatus) throws {
        #expect(try result(target).health == health)
    }

    @Test(arguments: [
        "exec:/nonexistent/x", "exec:/etc/hostname", "exec:sh -c nonexistent-command",
    ])
    func `a command that cannot be run makes the result unknown`(target: String) throws {
        #expect(isUnknown(try result(target)))
    }

    @Test func `a command is killed with its children when the time is up`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path("pid")
        var terms = CheckTerms()
        terms.timeout = .seconds(1)
        _ = try result("exec:sh -c 'sleep 600 & echo $! > \(path); wait'", terms)
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let pid = try #require(pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)))
        try eventually("the end of the child") {
            let state = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
            return state == nil || state?.contains(") Z ") == true
        }
    }

    // MARK: Our own faults

    @Test func `an unreadable file of ours makes the result unknown`() throws {
        let site = try HTTPSite(tls: true)
        for file in ["/nonexistent/ca.pem", "/etc/hostname"] {
            var terms = CheckTerms()
            terms.request.authorities = CertificateAuthorities(file: file)
            #expect(isUnknown(try result(site.url, terms)))
        }
        var terms = CheckTerms()
        terms.request.verifiesServer = false
        terms.request.clientCertificate = "/nonexistent/client.pem"
        #expect(isUnknown(try result(site.url, terms)))
    }

    @Test(arguments: [
        (CurlErrorCode.couldntConnect, EMFILE, true), (.couldntConnect, ECONNREFUSED, false),
        (.couldntConnect, EACCES, true), (.couldntConnect, EHOSTUNREACH, false),
        (.couldntResolveHost, 0, false), (.operationTimedout, 0, false), (.failedInit, 0, true),
        (.outOfMemory, 0, true), (.urlMalformat, 0, true), (.sslConnectError, 0, false),
        (.peerFailedVerification, 0, false), (.gotNothing, 0, false),
    ])
    func `an error is the site's or our own`(code: CurlErrorCode, number: Int32, isOwn: Bool) {
        #expect(CurlError(code: code, message: "x", osErrno: number).isOwnFault == isOwn)
    }
}
