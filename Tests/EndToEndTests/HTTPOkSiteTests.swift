import Foundation
import TestSupport
import Testing

/// Which responses httpok accepts, and its messages about others.
@Suite struct HTTPOkSiteTests {
    /// Checks once, and returns the message; nil if the site is healthy.
    private func look(
        _ url: String, _ arguments: [String] = [], environment: [String: String] = [:]
    ) throws -> Mail? {
        let scene = try Scene(
            .httpok, ["-p", "web"] + arguments + [url], [.running("web")], environment: environment)
        try scene.tickAndRest()
        let mail = try scene.mailbox.mails().first
        #expect(
            try scene.supervisord.actions()
                == (mail == nil ? [] : ["stopProcess web", "startProcess web"]))
        if mail == nil { #expect(scene.tool.standardError.isEmpty) }
        try scene.finish()
        return mail
    }

    /// The part of a mail that describes the site.
    private func finding(_ mail: Mail?) -> String? {
        mail?.told.components(separatedBy: "\nRestarting selected processes")[0]
    }

    @Test func `A command of exec: is found in the listener's PATH`() throws {
        let folder = try TemporaryDirectory()
        let command = try folder.write("site-is-up", "#!/bin/sh\nexit 0\n")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: command)
        let path = ["PATH": "\(folder.path):/usr/bin:/bin"]
        #expect(try look("exec:site-is-up", environment: path) == nil)
    }

    @Test(arguments: [
        ([], 200, "OK", true), ([], 204, "No Content", false), ([], 500, "Broken", false),
        ([], 404, "网页不在", false), (["-c", "404"], 404, "Gone", true),
        (["-c", "404"], 200, "OK", false), (["-c200", "--code=204", "-c", "503"], 503, "x", true),
        (["-c200", "--code=204", "-c", "503"], 204, "x", true),
        (["-c200", "--code=204", "-c", "503"], 205, "x", false),
    ])
    func `A status is fine or is told`(
        _ arguments: [String], _ status: Int, _ reason: String, _ isFine: Bool
    ) throws {
        let site = try HTTPSite()
        // http.server writes the status line in Latin-1.
        let words = reason.allSatisfy(\.isASCII) ? reason : "?"
        try site.behave(.init(status: status, reason: words))
        let mail = try look(site.url, arguments)
        #expect((mail == nil) == isFine)
        if let mail {
            #expect(mail["Subject"] == "httpok: \(site.url): bad status returned")
            #expect(finding(mail) == "status contacting \(site.url): \(status) \(words)")
        }
    }

    @Test func `A redirect is an answer, not a way`() throws {
        let other = try HTTPSite()
        let site = try HTTPSite()
        try site.behave(.init(status: 302, reason: "Found", headers: ["Location": other.url]))
        #expect(finding(try look(site.url)) == "status contacting \(site.url): 302 Found")
        #expect(try look(site.url, ["-c", "302"]) == nil)
        #expect(try other.requests().isEmpty)
    }

    @Test(arguments: [
        ("well", "all is well\n", true), ("Well", "all is well\n", false), ("", "x", true),
        ("well", "", false), ("很好", "一切都很好。", true), ("很坏", "一切都很好。", false),
        ("-5", "between -5 and 5", true), ("<p>", "<html><p></html>", true), ("aab", "aaaab", true),
    ])
    func `A text has to stand in the body`(
        _ text: String, _ body: String, _ isFound: Bool
    ) throws {
        let site = try HTTPSite()
        try site.behave(.init(body: body))
        let mail = try look(site.url, ["-b", text])
        #expect((mail == nil) == isFound)
        if let mail {
            #expect(mail["Subject"] == "httpok: \(site.url): bad body returned")
            #expect(finding(mail) == "status contacting \(site.url): 200 OK")
        }
    }

    @Test func `A text is found though each of its bytes comes by itself`() throws {
        let site = try HTTPSite()
        try site.behave(.init(body: "一切都很好", drip: 0.02))
        #expect(try look(site.url, ["-b", "都很"]) == nil)
    }

    @Test func `The wrong status is told even if the text is there`() throws {
        let site = try HTTPSite()
        try site.behave(.init(status: 500, body: "all is well"))
        #expect(
            try look(site.url, ["-b", "well"])?["Subject"]
                == "httpok: \(site.url): bad status returned")
    }

    @Test func `A text is found in a body without end`() throws {
        let site = try HTTPSite()
        try site.behave(.init(endless: true))
        #expect(try look(site.url, ["-b", "without end"]) == nil)
    }

    /// The whole body is read, even if no text is expected: an endless response fails.
    @Test(
        arguments: [
            HTTPSite.Behaviour(body: String(repeating: "x", count: 60), drip: 1),
            HTTPSite.Behaviour(endless: true), HTTPSite.Behaviour(hang: true),
        ], [["-b", "not to be found"], []])
    func `The timeout bounds the whole look, whatever comes slowly or without end`(
        _ behaviour: HTTPSite.Behaviour, _ arguments: [String]
    ) throws {
        let site = try HTTPSite()
        try site.behave(behaviour)
        let start = ContinuousClock.now
        let text = try #require(finding(try look(site.url, ["-t", "2"] + arguments)))
        #expect(text.hasPrefix("error contacting \(site.url):\n\n "))
        #expect(text.lowercased().contains("timed out"))
        #expect((.seconds(2) ... .seconds(20)).contains(ContinuousClock.now - start))
    }

    @Test func `A site that drips is well as soon as the text has come`() throws {
        let site = try HTTPSite()
        try site.behave(.init(body: "ok" + String(repeating: "x", count: 3_600), drip: 0.5))
        #expect(try look(site.url, ["-b", "ok", "-t", "30"]) == nil)
    }

    @Test func `A site that ends the connection, or speaks something else, is not well`() throws {
        let site = try HTTPSite()
        try site.behave(.init(close: true))
        #expect(
            try #require(finding(try look(site.url)))
                .hasPrefix("error contacting \(site.url):\n\n "))
        let url = "http://\(try MailServer().address)/"
        #expect(try #require(finding(try look(url))).hasPrefix("error contacting \(url):\n\n "))
    }

    @Test func `A name that nobody has is an error`() throws {
        let url = "http://no-such-host.invalid/"
        let mail = try look(url, ["-t", "3"])
        #expect(try #require(finding(mail)).hasPrefix("error contacting \(url):\n\n "))
    }

    @Test func `Who starts up within the timeout is waited for`() throws {
        let site = try HTTPSite(listening: false)
        let scene = try Scene(.httpok, ["-p", "web", "-t", "40", site.url], [.running("web")])
        try scene.tick()
        try scene.tick()
        #expect(try scene.supervisord.actions().isEmpty)
        try site.start()
        try scene.rest()
        #expect(try site.requests().count == 1)
        #expect(try scene.supervisord.actions().isEmpty)
        try scene.finish()
    }

    @Test func `Who refuses connections until the end of the timeout is restarted`() throws {
        let site = try HTTPSite(listening: false)
        let mail = try look(site.url, ["-t", "2"])
        let text = try #require(finding(mail))
        #expect(text.hasPrefix("error contacting \(site.url):\n\n "))
        #expect(text.contains("Connection refused"))
    }

    // MARK: https

    @Test func `A certificate is verified against the authorities that were named`() throws {
        let site = try HTTPSite(tls: true)
        let authority = try #require(site.certificate).authority
        #expect(try look(site.url, ["--cacert", authority]) == nil)
        #expect(try look(site.url, environment: ["SSL_CERT_FILE": authority]) == nil)
        #expect(try look(site.url, environment: ["CURL_CA_BUNDLE": authority]) == nil)
        let mail = try look(site.url)
        let text = try #require(finding(mail))
        #expect(text.hasPrefix("error contacting \(site.url):\n\n "))
        #expect(text.contains("certificate"))
    }

    @Test func `A certificate of another authority is refused`() throws {
        let site = try HTTPSite(tls: true)
        let other = try TestCertificate()
        let mail = try look(site.url, ["--cacert", other.authority])
        #expect(try #require(finding(mail)).hasPrefix("error contacting \(site.url):\n\n "))
    }

    @Test(arguments: ["/nonexistent/ca.pem", "/etc/hostname"])
    func `A file of authorities that is none restarts nothing, and is told of once`(
        file: String
    ) throws {
        let site = try HTTPSite(tls: true)
        let scene = try Scene(
            .httpok, ["-p", "web", "--cacert", file, site.url], [.running("web")])
        for _ in 0..<3 { try scene.tickAndRest() }
        #expect(try scene.supervisord.actions().isEmpty)
        #expect(scene.mailbox.count == 0)
        let line = "cannot check \(site.url): "
        #expect(scene.tool.standardError.components(separatedBy: line).count == 2)
        try scene.finish()
    }

    // MARK: Several sites

    @Test func `Each of several sites has its own programs`() throws {
        let well = try HTTPSite()
        let ill = try HTTPSite()
        try ill.behave(.init(status: 500, reason: "No"))
        let scene = try Scene(
            .httpok, ["cat*=\(well.url)", "shop:w*=\(ill.url)"],
            [.running("cat_00"), .running("web", group: "shop"), .running("web")])
        try scene.tickAndRest()
        #expect(
            try scene.supervisord.actions() == ["stopProcess shop:web", "startProcess shop:web"])
        #expect(scene.mailbox.count == 1)
        try scene.finish()
    }

    @Test func `A process of many is checked by its own number`() throws {
        let site = try HTTPSite()
        try site.behave(.init(paths: ["/8": .init(status: 500, reason: "No")]))
        let scene = try Scene(
            .httpok, ["w*=\(site.url){7+num}"],
            [
                .running("web_00", group: "web"), .running("web_01", group: "web"),
                .init("web_02", group: "web", pid: 0), .running("worker", group: "web"),
            ])
        try scene.tickAndRest()
        #expect(Set(try site.requests().map(\.path)) == ["/7", "/8"])
        #expect(
            try scene.supervisord.actions() == [
                "stopProcess web:web_01", "startProcess web:web_01",
            ])
        #expect(scene.tool.standardError.contains("worker has no number at the end of its name"))
        try scene.finish()
    }

    @Test func `Limits send an alert and restart nothing`() throws {
        let site = try HTTPSite()
        try site.behave(.init(delay: 0.3))
        let scene = try Scene(
            .httpok, ["-p", "web", "--latency", "100ms", site.url], [.running("web")])
        for _ in 0..<2 { try scene.tickAndRest() }
        #expect(try scene.supervisord.actions().isEmpty)
        let mail = try scene.mailbox.waitForMails(1)[0]
        #expect(mail["Subject"]?.hasPrefix("httpok: \(site.url): responded after ") == true)
        #expect(scene.mailbox.count == 1)
        try scene.finish()
    }

    @Test(arguments: [[], ["-E"]])
    func `A limit is reported when the silence of its programs is over`(_ options: [String]) throws
    {
        let directory = try TemporaryDirectory()
        let file = try directory.write("silence", "we*\n")
        let site = try HTTPSite()
        try site.behave(.init(delay: 0.3))
        let scene = try Scene(
            .httpok,
            options + ["-p", "web", "--latency", "100ms", "--silence", file, site.url],
            [.running("web"), .running("other")])
        for _ in 0..<2 { try scene.tickAndRest() }
        #expect(scene.mailbox.attempts == 0)
        try FileManager.default.removeItem(atPath: file)
        for _ in 0..<2 { try scene.tickAndRest() }
        _ = try scene.mailbox.waitForMails(1)
        #expect(scene.mailbox.count == 1)
        try scene.finish()
    }

    @Test(arguments: [[], ["--recovered"]])
    func `A limit that is kept again is reported once, in the thread of its alert`(
        _ options: [String]
    ) throws {
        let site = try HTTPSite()
        try site.behave(.init(delay: 1.2))
        let scene = try Scene(
            .httpok, options + ["-p", "web", "--latency", "1s", site.url], [.running("web")])
        for _ in 0..<3 { try scene.tickAndRest() }
        let alert = try scene.mailbox.waitForMails(1)[0]
        #expect(scene.mailbox.count == 1)
        try site.behave(.init())
        for _ in 0..<2 { try scene.tickAndRest() }
        let mails = try scene.mailbox.waitForMails(2)
        #expect(mails.count == 2)
        #expect(mails[1]["Subject"] == alert["Subject"].map { "Re: \($0)" })
        #expect(mails[1]["In-Reply-To"] == alert["Message-ID"])
        #expect(mails[1].told == "\(site.url): responds in time again\n")
        #expect(mails[1].body.contains("\nhost: "))
        #expect(mails[1].body.contains("\nduration: "))
        try scene.finish()
    }

    @Test func `With a spool a notice is not repeated by the next run, and is ended by it`() throws
    {
        let directory = try TemporaryDirectory()
        let site = try HTTPSite()
        try site.behave(.init(delay: 0.3))
        let arguments = [
            "-p", "web", "--latency", "100ms", "--spool", directory.path("spool"), site.url,
        ]
        let scene = try Scene(.httpok, arguments, [.running("web")])
        try scene.tickAndRest()
        let alert = try scene.mailbox.waitForMails(1)[0]
        try scene.finish()
        let next = try Scene(.httpok, arguments, [.running("web")])
        try next.tickAndRest()
        #expect(next.mailbox.count == 0)
        try site.behave(.init())
        try next.tickAndRest()
        #expect(try next.mailbox.waitForMails(1)[0]["In-Reply-To"] == alert["Message-ID"])
        try next.finish()
    }

    // MARK: The connection

    @Test(arguments: [("lance", "geheim"), ("a%40b", "ge%3aheim%2F")])
    func `A login in the URL is used and never shown`(_ user: String, _ password: String) throws {
        let site = try HTTPSite()
        try site.behave(.init(status: 403, reason: "No"))
        let scene = try Scene(
            .httpok, ["-a", site.url(login: "\(user):\(password)@")], [.running("web")])
        try scene.tickAndRest()
        let mail = try scene.mailbox.waitForMails(1)[0]
        #expect(mail["Subject"] == "httpok: \(site.url): bad status returned")
        #expect(mail.told.hasPrefix("status contacting \(site.url): 403 No\n"))
        let plain = try #require("\(user):\(password)".removingPercentEncoding)
        #expect(
            try site.requests()[0].headers["Authorization"]
                == "Basic \(Data(plain.utf8).base64EncodedString())")
        let said = scene.tool.standardError + String(decoding: mail.raw, as: UTF8.self)
        for secret in [password, plain, "geheim", "heim%2F"] { #expect(!said.contains(secret)) }
    }

    @Test func `A login is not shown when nobody answers, either`() throws {
        let site = try HTTPSite(listening: false)
        let scene = try Scene(
            .httpok, ["-a", "-t", "1", site.url(login: "lance:geheim@")], [.running("web")])
        try scene.tickAndRest()
        let mail = try scene.mailbox.waitForMails(1)[0]
        #expect(mail.told.hasPrefix("error contacting \(site.url):\n\n "))
        #expect(!scene.tool.standardError.contains("geheim"))
        #expect(!String(decoding: mail.raw, as: UTF8.self).contains("geheim"))
    }

    @Test func `An IPv6 address is a way like any other`() throws {
        let site = try HTTPSite(host: "::1")
        #expect(try look(site.url) == nil)
        try site.behave(.init(status: 500, reason: "No"))
        #expect(finding(try look(site.url)) == "status contacting \(site.url): 500 No")
    }

    @Test func `A proxy in the environment is used for nothing`() throws {
        let proxy = try HTTPSite()
        try proxy.behave(.init(status: 502))
        let names = ["http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]
        let environment = Dictionary(uniqueKeysWithValues: names.map { ($0, proxy.url) })
        let site = try HTTPSite()
        try site.behave(.init(status: 500))
        let scene = try Scene(
            .httpok, ["-a", site.url], [.running("web")], transport: .tcp, environment: environment)
        try scene.tickAndRest()
        try site.behave(.init())
        try scene.tickAndRest()
        #expect(try scene.supervisord.actions() == ["stopProcess web", "startProcess web"])
        #expect(try site.requests().count == 2)
        #expect(try proxy.requests().isEmpty)
    }

    @Test func `A look is a GET without more, under the name of httpok`() throws {
        let site = try HTTPSite()
        #expect(try look("\(site.url)a%20b?c=d#e") == nil)
        let request = try site.requests()[0]
        #expect(request.method == "GET")
        #expect(request.path == "/a%20b?c=d")
        #expect(request.headers["User-Agent"] == "httpok")
        #expect(request.headers["Host"] == "127.0.0.1:\(site.port)")
    }

    // MARK: Time

    @Test func `Ticks that come while it looks ask for nothing more`() throws {
        let site = try HTTPSite()
        try site.behave(.init(hang: true))
        let scene = try Scene(.httpok, ["-p", "web", "-t", "3", site.url], [.running("web")])
        for _ in 0..<5 { try scene.tick(within: .seconds(2)) }
        try scene.rest()
        #expect(try site.requests().count == 1)
        #expect(scene.mailbox.count == 1)
        try site.behave(.init())
        try scene.tickAndRest()
        #expect(try site.requests().count == 2)
        #expect(scene.mailbox.count == 1)
        try scene.finish()
    }

    @Test func `Every kind of tick is one, and nothing else is`() throws {
        let site = try HTTPSite()
        let scene = try Scene(.httpok, ["-p", "web", site.url], [.running("web")])
        for seconds in [5, 60, 3_600] {
            try scene.tool.handle(.tick(seconds))
            try scene.rest()
        }
        for event in [EventPayload.exited("web"), .fatal("web"), .group("ADDED", "web")] {
            try scene.tool.handle(event)
        }
        try scene.rest()
        #expect(try site.requests().count == 3)
        try scene.finish()
    }
}
