import Alerting
import Testing

@testable import Listeners

struct CommandLineValueTests {
    private func value(_ text: String) -> OptionValue { OptionValue(name: "-x", text: text) }

    private func message(_ read: () throws -> Void) -> String? {
        do {
            try read()
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test(arguments: [("1", 1), ("60", 60), (" 5 ", 5), ("+7", 7), ("007", 7), ("100", 100)])
    func `a whole number is parsed`(text: String, expected: Int) throws {
        #expect(try value(text).integer(in: 1...100) == expected)
    }

    @Test(arguments: [
        "", " ", "0", "101", "-1", "1.5", "1e1", "0x1", "x", "1 2", "١", "99999999999999999999",
        "1s",
        "5\n",
    ])
    func `an invalid or out-of-range number is rejected`(text: String) {
        #expect(throws: UsageError.self) { try value(text).integer(in: 1...100) }
    }

    @Test func `errors name the option and what it requires`() throws {
        #expect(
            message { _ = try value("x").integer(in: 1...100, unit: "seconds") }
                == "-x requires a whole number of seconds from 1 to 100, not 'x'")
        #expect(
            message { _ = try value("x\ny").integer(in: 1 ... .max) }
                == "-x requires a whole number of at least 1, not 'x?y'")
        #expect(
            message { _ = try value("x").minutes() }
                == "-x requires a number of minutes of at least 0, or a time such as 90s, not 'x'")
        #expect(
            message { _ = try value("1XB").memorySize() }
                == "-x requires a size in bytes, with K, M or G, or in percent, such as 200MB or "
                + "80pct, not '1XB'")
        #expect(
            message { _ = try value("cat").namedMemorySize() }
                == "-x requires name=size, such as cat=200MB, not 'cat'")
        #expect(
            message { _ = try value("1w").seconds() }
                == "-x requires a time such as 90, 30m or 1h, not '1w'")
        #expect(
            message { _ = try value("20").httpStatuses() }
                == "-x requires a status from 100 to 599, such as 200, 200-299, 2xx or !204, not '20'"
        )
        #expect(
            message { _ = try value("TOCK").tickPeriod() }
                == "-x requires TICK_5, TICK_60 or TICK_3600, not 'TOCK'")
        #expect(
            message { _ = try OptionValue(name: "URL", text: "ftp://u:secret@h/").webURL() }
                == "URL requires an http or https URL with a host")
        #expect(
            message { _ = try value("u:secret@h").smtpServer() }
                == "-x requires host or host:port: the SMTP server's address contains a user name: "
                + "use --userName")
        #expect(
            message { _ = try value("a b").mailAddresses() }
                == "-x requires mail addresses: white space inside the address 'a b'")
        #expect(
            message { _ = try value("a,b").mailAddress() }
                == "-x requires one mail address, not 'a,b'"
        )
        #expect(
            "\(UsageError.invalidValue("-p", expected: "a password"))" == "-p requires a password")
        #expect("\(UsageError("give one URL"))" == "give one URL")
        let most = String(repeating: "y", count: 100)
        let long = UsageError.invalidValue("-p", expected: "x", got: most + "y")
        #expect("\(long)" == "-p requires x, not '\(most)...'")
    }

    @Test(arguments: [
        ("1", 1), ("1.0", 1), (".5", 0.5), ("1.", 1), ("1e1", 10), ("1E+1", 10), ("1e-1", 0.1),
        ("+2", 2), ("0", 0), ("-0", 0), (" 1.5 ", 1.5), ("007.50", 7.5),
    ])
    func `minutes are parsed as Python's float parses them`(text: String, expected: Double) throws {
        #expect(try value(text).minutes() == expected)
    }

    @Test(arguments: [
        "", " ", ".", "e1", "1e", "1e+", "-1", "-.5", "nan", "inf", "-inf", "infinity", "0x10",
        "0x1p3", "1e999", "1,5", "1 5", "1w", "1_0", "١", "1.2.3", "--1", "+", "1\n",
    ])
    func `an invalid number of minutes is rejected`(text: String) {
        #expect(throws: UsageError.self) { try value(text).minutes() }
    }

    @Test(arguments: [
        ("10000", 10_000), ("0", 0), ("200MB", 209_715_200), ("1gb", 1_073_741_824),
        ("1Gb", 1_073_741_824), ("1kb", 1024), ("1KB", 1024), (" 1KB ", 1024), ("1 KB", 1024),
        ("+1kb", 1024), ("0001MB", 1_048_576), ("8589934591GB", 9_223_372_035_781_033_984),
        ("9223372036854775807", .max),
    ])
    func `a size is parsed`(text: String, expected: Int) throws {
        #expect(try value(text).memorySize() == .bytes(expected))
    }

    @Test(arguments: [
        "", " ", "MB", "-1", "-1MB", "1.5GB", "1XB", "1MBMB", "1MB1", "x", "0x10",
        "9223372036854775808", "8589934592GB", "99999999999999999999GB", "1 000", "١MB", "++1", "+",
        "+ 1", "1\tMB", "1MB\n", "1e3", "1_000", "\u{212A}B", "1\u{212A}B",
    ])
    func `an invalid size is rejected`(text: String) {
        let isKelvin = text == "1\u{212A}B"
        // The Kelvin sign is a "k" in lower case, for Python as for Swift.
        if isKelvin {
            #expect((try? value(text).memorySize()) == .bytes(1024))
        } else {
            #expect(throws: UsageError.self) { try value(text).memorySize() }
        }
    }

    @Test(arguments: [
        ("80%", 80), ("80pct", 80), ("80PCT", 80), (" 1 pct ", 1), ("100%", 100), ("099%", 99),
    ])
    func `a part of the memory is read`(text: String, part: Int) throws {
        #expect(try value(text).memorySize() == .percent(part))
        #expect(try value("cat=\(text)").namedMemorySize().size == .percent(part))
    }

    @Test(arguments: [
        "0%", "101%", "%", "pct", "8.5%", "-1%", "80%%", "80pct%", "%80", "80 percent",
    ])
    func `an invalid percentage of the memory is rejected`(text: String) {
        #expect(throws: UsageError.self) { try value(text).memorySize() }
        #expect(throws: UsageError.self) { try value(text).percentage() }
    }

    @Test func `a part of a limit is less than all of it`() throws {
        #expect(try value("99%").percentage() == 99)
        #expect(
            message { _ = try value("100%").percentage() }
                == "-x requires a percentage from 1 to 99, such as 80pct, not '100%'")
        #expect(throws: UsageError.self) { try value("80").percentage() }
    }

    @Test(arguments: [
        ("0", 0), ("30", 30), ("30s", 30), ("5m", 300), ("5M", 300), ("2h", 7200), ("1D", 86_400),
        ("1 d", 86_400), (" 10 ", 10),
    ])
    func `a duration is parsed`(text: String, expected: Int) throws {
        #expect(try value(text).seconds() == expected)
    }

    @Test(arguments: ["", "s", "-1", "-1m", "1.5h", "1w", "1ms", "1hm", "106751991167301d", "m5"])
    func `an invalid duration is rejected`(text: String) {
        #expect(throws: UsageError.self) { try value(text).seconds() }
    }

    @Test(arguments: [
        ("cat=200MB", "cat", 209_715_200), ("group:name=1kb", "group:name", 1024),
        ("group:*=1", "group:*", 1), ("程序:监控=2GB", "程序:监控", 2_147_483_648),
        ("my prog= 5 ", "my prog", 5),
    ])
    func `a name with a size is parsed`(text: String, name: String, bytes: Int) throws {
        let pair = try value(text).namedMemorySize()
        #expect(pair.name == name)
        #expect(pair.size == .bytes(bytes))
    }

    @Test(arguments: [
        "", "=", "cat", "cat=", "=200MB", " =1", "cat=x", "a=b=1", "cat==1", "cat=-1", "cat=1XB",
    ])
    func `an invalid name with a size is rejected`(text: String) {
        #expect(throws: UsageError.self) { try value(text).namedMemorySize() }
    }

    @Test(arguments: [("100", 100), ("200", 200), ("599", 599), (" 404 ", 404)])
    func `a status code is parsed`(text: String, expected: Int) throws {
        #expect(try value(text).httpStatuses().contains(expected))
    }

    @Test(arguments: ["", "99", "600", "0", "-200", "200,", "2e2", "200 OK"])
    func `an invalid status code is rejected`(text: String) {
        #expect(throws: UsageError.self) { try value(text).httpStatuses() }
    }

    @Test(arguments: [("TICK_5", 5), ("TICK_60", 60), ("TICK_3600", 3600)])
    func `a tick event is parsed`(text: String, expected: Int) throws {
        let period = try value(text).tickPeriod()
        #expect(period.seconds == expected)
        #expect(period.eventName == text)
    }

    @Test(arguments: [
        "", "TICK", "TICK_", "TICK_0", "TICK_-5", "TICK_+5", "TICK_060", "TICK_5s", "tick_60", "60",
        "TICK_ 5", "PROCESS_STATE", "TICK_99999999999999999999", "TICK_٥", "TICK_5\n",
    ])
    func `an invalid tick event is rejected`(text: String) {
        #expect(throws: UsageError.self) { try value(text).tickPeriod() }
    }

    @Test(arguments: [
        ("http://localhost", false, "localhost", 80, "http://localhost"),
        ("HTTPS://h.example/p?q#f", true, "h.example", 443, "HTTPS://h.example/p?q#f"),
        ("http://h:8080/", false, "h", 8080, "http://h:8080/"),
        ("http://[::1]:81/x", false, "::1", 81, "http://[::1]:81/x"),
        ("http://[::1]", false, "::1", 80, "http://[::1]"),
        ("http://user:secret@h/x@y", false, "h", 80, "http://h/x@y"),
        ("http://u:p%40ss@h:1", false, "h", 1, "http://h:1"),
        ("http://token@[::1]:2?x", false, "::1", 2, "http://[::1]:2?x"),
        ("http://h?a=b://c", false, "h", 80, "http://h?a=b://c"),
        ("http://größe.example/ö", false, "größe.example", 80, "http://größe.example/ö"),
    ])
    func `a URL is parsed and shown without its password`(
        text: String, isSecure: Bool, host: String, port: Int, redacted: String
    ) throws {
        let url = try value(text).webURL()
        #expect(url.text == text)
        #expect(url.isSecure == isSecure)
        #expect(url.host == host)
        #expect(url.port == port)
        #expect(url.redacted == redacted)
        #expect("\(url)" == redacted && String(reflecting: url) == redacted)
    }

    @Test(arguments: [
        "", "h", "h:80", "//h", "http:", "http://", "http:///x", "http://:80/", "http://u@/",
        "ftp://h", "file:///x", "http//h", "http:/h", "http://h:0", "http://h:65536", "http://h:",
        "http://h:-1", "http://h:8o", "http://h:80:81", "http://[::1", "http://[h]", "http://[]",
        "http://::1/", "http://[::1]x", "http://h /", " http://h", "http://h\n",
        "http://h/\r\nX: y",
        "http://h/\0", "http://h/\u{7F}", "http://h/\u{A0}", "http://a\\@b/", "http://u@\u{301}h/",
        "http://<h>/",
    ])
    func `an invalid URL is rejected`(text: String) {
        #expect(throws: UsageError.self) { try value(text).webURL() }
    }

    @Test func `a directory is no file with credentials`() {
        #expect(
            message { _ = try OptionValue(name: "--user-file", text: "/tmp").userFile() }
                == "--user-file: cannot read /tmp: Is a directory")
        // A file may appear later.
        #expect(throws: Never.self) {
            try OptionValue(name: "--user-file", text: "/tmp/absent/file").userFile()
        }
    }

    @Test func `mail addresses and servers are parsed`() throws {
        #expect(try value("a@b.c, root").mailAddresses().map(\.mailbox) == ["a@b.c", "root"])
        #expect(try value("Name <a@b.c>").mailAddress().mailbox == "a@b.c")
        #expect(try value("smtps://h").smtpServer().port == 465)
    }
}
