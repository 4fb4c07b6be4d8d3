import Testing

@testable import Listeners

struct CommandLineParsingTests {
    private func parse(_ table: OptionTable, _ arguments: [String]) -> String {
        do {
            let parsed = try table.parse(arguments)
            let options = parsed.occurrences.map { occurrence in
                occurrence.key.rawValue + (occurrence.text.map { "=\($0)" } ?? "")
            }
            return (options + ["|"] + parsed.operands).joined(separator: " ")
        } catch {
            return "\(error)"
        }
    }

    @Test(arguments: [
        ([], "|"),
        (["-a", "-m", "a@b.c"], "any email=a@b.c |"),
        (["-am", "a@b.c"], "any email=a@b.c |"),
        (["-ama@b.c"], "any email=a@b.c |"),
        (["-oHDR"], "optionalheader=HDR |"),
        (["-o", ""], "optionalheader= |"),
        (["-o=x"], "optionalheader==x |"),
        (["-o", "-x"], "optionalheader=-x |"),
        (["-o", "--any"], "optionalheader=--any |"),
        (["-o", "--"], "optionalheader=-- |"),
        (["--optionalheader", "x"], "optionalheader=x |"),
        (["--optionalheader=x=y"], "optionalheader=x=y |"),
        (["--optionalheader="], "optionalheader= |"),
        (["--optionalheader", "-x"], "optionalheader=-x |"),
        (["--opt", "x"], "optionalheader=x |"),
        (["--opt=x"], "optionalheader=x |"),
        (["--o", "x"], "optionalheader=x |"),
        (["--s", "x"], "sendmail=x |"),
        (["--se", "x"], "sendmail=x |"),
        (["--sendmail", "x"], "sendmail=x |"),
        (["--sendmail_", "x"], "sendmail=x |"),
        (["--sendmail_program=/usr/sbin/sendmail -t"], "sendmail=/usr/sbin/sendmail -t |"),
        (["--sm", "x"], "smtpHost=x |"),
        (["--ser", "x"], "server-url=x |"),
        (["--fr", "x"], "fromEmail=x |"),
        (["--tl"], "tls |"),
        (["--v"], "version |"),
        (["--u=x"], "userName=x |"),
        (["--ca", "x"], "cacert=x |"),
        (["--p", "x"], "program=x |"),
        (["--process", "x", "--proc=y", "--prog=z"], "program=x program=y program=z |"),
        (["--h"], "help |"),
        (["--he"], "help |"),
        (
            ["--pass", "x"],
            "option --pass is ambiguous, it could be --password, --password-file or --pass-env"
        ),
        (["--password", "x"], "password=x |"),
        (["--password-f=x"], "password-file=x |"),
        (["-p", "a", "-p", "b:c", "-pd"], "program=a program=b:c program=d |"),
        (["-p", "程序:监控"], "program=程序:监控 |"),
        (["x", "-a", "y"], "any | x y"),
        (["-a", "\u{2013}m", "a@b.c"], "unknown option \u{2013}m; did you mean -m?"),
        (["\u{2014}email=a@b.c"], "unknown option \u{2014}email; did you mean --email?"),
        (
            ["\u{2013}\u{2013}emial=a"],
            "unknown option \u{2013}\u{2013}emial; did you mean --email?"
        ),
        (["\u{2212}pa:b"], "unknown option \u{2212}p; did you mean -p?"),
        (["\u{2013}\u{4E2D}\u{6587}"], "unknown option \u{2013}\u{4E2D}"),
        (["\u{2013}"], "unknown option \u{2013}"),
        (["--", "\u{2013}m"], "| \u{2013}m"),
        (["-a", "--", "-m", "x"], "any | -m x"),
        (["--", "--"], "| --"),
        (["-"], "| -"),
        (["", "-a"], "any | "),
        (["-ha"], "help any |"),
        (["-m", "=a@b.c", "--email==a@b.c"], "email==a@b.c email==a@b.c |"),
        (["--subject", "\u{201C}{headline}\u{201D}"], "subject=\u{201C}{headline}\u{201D} |"),
        (["-o", "\u{AB}x\u{BB}"], "optionalheader=\u{AB}x\u{BB} |"),
        (["--password", "\u{201C}x\u{201D}"], "password=\u{201C}x\u{201D} |"),
    ])
    func `crashmail's command line is parsed`(arguments: [String], expected: String) {
        #expect(parse(CrashMailOptions.table, arguments) == expected)
    }

    @Test(arguments: [
        (["-p", "x", "-t30", "http://h/"], "program=x timeout=30 | http://h/"),
        (["http://h/", "-t", "30", "-aE"], "timeout=30 any not-eager | http://h/"),
        (
            ["-ep", "x", "-a", "-Eg", "gcore -o", "-d/var", "u"],
            "eager program=x any not-eager gcore=gcore -o coredir=/var | u"
        ),
        (["-c", "200", "-c301", "--code=404", "u"], "code=200 code=301 code=404 | u"),
        (
            ["--c", "x"],
            "option --c is ambiguous, it could be --coredir, --code, --cert-expiry, --cert, --cooldown or --cacert"
        ),
        (["--co", "x"], "option --co is ambiguous, it could be --coredir, --code or --cooldown"),
        (["--ca", "x"], "cacert=x |"),
        (["--g", "x"], "gcore=x |"),
        (["--not"], "not-eager |"),
        (["--n"], "option --n is ambiguous, it could be --not-eager, --name or --not-body"),
        (["--t=5"], "timeout=5 |"),
        (["--e"], "option --e is ambiguous, it could be --eager or --email"),
        (["--na", "x"], "name=x |"),
        (["-b", "-5", "u"], "body=-5 | u"),
        (["-n=x"], "name==x |"),
    ])
    func `httpok's command line is parsed`(arguments: [String], expected: String) {
        #expect(parse(HTTPOkOptions.table, arguments) == expected)
    }

    @Test(arguments: [
        (["-c", "-p", "a=1", "-gb=2MB", "-a3GB"], "cumulative program=a=1 group=b=2MB any=3GB |"),
        (["-ca", "1"], "cumulative any=1 |"),
        (["-cpa=1"], "cumulative program=a=1 |"),
        (["--program=a:b=1"], "program=a:b=1 |"),
        (["--process", "a=1", "--groupname=g=1"], "program=a=1 group=g=1 |"),
        (["--c", "--g", "g=1", "--a=1", "--up", "2d"], "cumulative group=g=1 any=1 uptime=2d |"),
        (["--u", "2d"], "uptime=2d |"),
        (["--us", "x"], "userName=x |"),
        (["--n", "x", "--e", "a@b"], "name=x email=a@b |"),
        (["-u", "-1"], "uptime=-1 |"),
        (["--cumulative=yes"], "option --cumulative does not accept a value"),
    ])
    func `memmon's command line is parsed`(arguments: [String], expected: String) {
        #expect(parse(MemMonOptions.table, arguments) == expected)
    }

    @Test(arguments: [
        (
            ["--toEmail=a@b.c,d@e.f", "--fromEmail", "g@h.i", "--tls"],
            "email=a@b.c,d@e.f fromEmail=g@h.i tls |"
        ),
        (
            ["-ta@b", "-fc@d", "-Hh:25", "-i.5"],
            "email=a@b fromEmail=c@d smtpHost=h:25 interval=.5 |"
        ),
        (
            ["-eTICK_5", "-sX", "-u", "me", "-pme", "--sendmail", "cat"],
            "tickEvent=TICK_5 subject=X userName=me password=me sendmail=cat |"
        ),
        (["--pass", "x"], "password=x |"),
        (["--p", "x"], "password=x |"),
        (["--password-", "x"], "password-file=x |"),
        (["--tl"], "tls |"),
        (["--to", "x", "--ti", "y"], "email=x tickEvent=y |"),
        (["--in=2"], "interval=2 |"),
        (["--u", "x"], "userName=x |"),
        (["--su", "x", "--sm", "y", "--sen", "z"], "subject=x smtpHost=y sendmail=z |"),
        (
            ["--t"],
            "option --t is ambiguous, it could be --tickEvent, --toEmail, --tls or --test-alert"
        ),
        (["--tls=yes"], "option --tls does not accept a value"),
        (["--tl=yes"], "option --tls does not accept a value"),
    ])
    func `a batch tool's command line is parsed`(arguments: [String], expected: String) {
        for kind in [BatchKind.crashMail, .fatalMail, .crashSMS] {
            #expect(parse(BatchOptions.table(for: kind), arguments) == expected)
        }
    }

    private static let tables = [
        HTTPOkOptions.table, MemMonOptions.table, CrashMailOptions.table,
        BatchOptions.table(for: .crashMail), BatchOptions.table(for: .fatalMail),
        BatchOptions.table(for: .crashSMS),
    ]

    /// The options of superlance 2.0.0: letter, long name, and a colon where there is a value.
    private static let originals = [
        "httpok": "p:program: a:any g:gcore: d:coredir: t:timeout: c:code: b:body: m:email: "
            + "s:sendmail_program: e:eager E:not-eager n:name: h:help",
        "memmon": "c:cumulative p:program: g:group: a:any: s:sendmail_program: m:email: "
            + "u:uptime: n:name: h:help",
        "crashmail": "p:program: a:any o:optionalheader: s:sendmail_program: m:email: h:help",
    ]
    private static let originalsOfBatch =
        "t:toEmail: f:fromEmail: i:interval: s:subject: H:smtpHost: e:tickEvent: u:userName: "
        + "p:password: :tls h:help"

    @Test(arguments: tables)
    func `all options of superlance exist and are marked as official`(
        table: OptionTable
    ) {
        let expected = Self.originals[table.programName] ?? Self.originalsOfBatch
        let found = table.options.filter(\.isOriginal).map { option in
            (option.letter.map(String.init) ?? "") + ":\(option.longName)"
                + (option.placeholder == nil ? "" : ":")
        }
        #expect(Set(found) == Set(expected.split(separator: " ").map(String.init)))
    }

    private static let misfits: [([String], String?)] = [
        (["-x"], "unknown option -x"),
        (["-ax"], "unknown option -x"),
        (["-xa"], "unknown option -x"),
        (["-:"], "unknown option -:"),
        (["-?"], "unknown option -?"),
        (["-ä"], "unknown option -ä"),
        (["-aä", "-a"], "unknown option -ä"),
        (["u", "-a监"], "unknown option -监"),
        (["-рsecret"], "unknown option -р"),  // a Cyrillic letter
        (["-a\u{1B}secret"], "unknown option -?"),
        (["- "], "unknown option - "),
        (["--bogus"], "unknown option --bogus"),
        (["--bogus=secret"], "unknown option --bogus"),
        (["--programs", "x"], "unknown option --programs; did you mean --program?"),
        (["---"], "unknown option ---"),
        (["--\u{1B}[31m"], "unknown option --?[31m"),
        (["--=x"], nil),
        (["-m"], "option -m requires a value (ADDRESS)"),
        (["-am"], "option -m requires a value (ADDRESS)"),
        (["-m=a@b.c"], "option -m requires a space instead of '='"),
        (["-ap=web"], "option -p requires a space instead of '='"),
        (
            ["-p", "\u{201C}web\u{201D}"],
            "option -p requires a value without '\u{201C}'; write '\"' instead"
        ),
        (
            ["--webhook=https://a.b/c\u{201D}"],
            "option --webhook requires a value without '\u{201D}'; write '\"' instead"
        ),
        (["-m", "-p", "web"], "option -m requires a value, but -p is an option"),
        (["-s", "-m", "a@b"], "option -s requires a value, but -m is an option"),
        (["--spool", "-a"], "option --spool requires a value, but -a is an option"),
        (["-p", "-m", "ops@example.org"], "option -p requires a value, but -m is an option"),
        (
            ["--pagerduty", "--spool"],
            "option --pagerduty requires a value, but --spool is an option"
        ),
        (["-m", "--tls"], "option -m requires a value, but --tls is an option"),
        (["--email"], "option --email requires a value (ADDRESS)"),
        (["--em"], "option --email requires a value (ADDRESS)"),
        (["--sendmail"], "option --sendmail_program requires a value (COMMAND)"),
        (["--any=x"], "option --any does not accept a value"),
        (["--any="], "option --any does not accept a value"),
        (["--an=x"], "option --any does not accept a value"),
        (["-a", "-x", "--bogus"], "unknown option -x"),
        (["operand", "--bogus"], "unknown option --bogus"),
    ]

    @Test(arguments: misfits)
    func `an invalid option is named as typed`(arguments: [String], expected: String?) {
        #expect(throws: UsageError.self) { try CrashMailOptions.table.parse(arguments) }
        if let expected { #expect(parse(CrashMailOptions.table, arguments) == expected) }
    }

    private static let otherTools: [(OptionTable, String, String)] = [
        (CrashMailOptions.table, "-t", "-m"),
        (CrashMailOptions.table, "-f", "--fromEmail"),
        (CrashMailOptions.table, "-H", "--smtpHost"),
        (CrashMailOptions.table, "--toEmail", "--email"),
        (CrashMailOptions.table, "--to", "--email"),
        (MemMonOptions.table, "-f", "--fromEmail"),
        (HTTPOkOptions.table, "-u", "--userName"),
        (BatchOptions.table(for: .crashMail), "-m", "-t"),
        (BatchOptions.table(for: .crashMail), "--email", "--toEmail"),
        (BatchOptions.table(for: .fatalMail), "--mail", "--toEmail"),
        (BatchOptions.table(for: .crashSMS), "--emial", "--toEmail"),
    ]

    @Test(arguments: otherTools)
    func `for an option of another tool, the same option of this tool is suggested`(
        table: OptionTable, typed: String, expected: String
    ) {
        let message = parse(table, [typed, "ops@example.org"])
        #expect(message == "unknown option \(typed); did you mean \(expected)?")
    }

    @Test(arguments: tables)
    func `every prefix that superlance resolves selects the same option`(table: OptionTable) throws
    {
        let official = table.options.filter(\.isOriginal)
        for option in official {
            for length in 1...option.longName.count {
                let prefix = String(option.longName.prefix(length))
                let isExact = length == option.longName.count
                let isUnique = official.count { $0.longName.hasPrefix(prefix) } == 1
                guard isExact || isUnique else {
                    #expect(throws: UsageError.self) { try table.parse(["--\(prefix)", "v"]) }
                    continue
                }
                let parsed = try table.parse(["--\(prefix)", "v"])
                #expect(parsed.occurrences.map(\.key) == [option.key])
                #expect(parsed.occurrences.map(\.name) == ["--\(option.longName)"])
                let takesValue = option.placeholder != nil
                #expect(parsed.occurrences.map(\.text) == [takesValue ? "v" : nil])
                #expect(parsed.operands == (takesValue ? [] : ["v"]))
            }
        }
    }

    @Test(arguments: tables)
    func `every name and letter selects its own option`(table: OptionTable) throws {
        for option in table.options {
            let words = option.letter.map { ["-\($0)"] } ?? []
            let longWords = ([option.longName] + option.aliases).map { "--\($0)" }
            for word in words + longWords {
                let arguments = option.placeholder == nil ? [word] : [word, "-v"]
                let parsed = try table.parse(arguments)
                #expect(parsed.occurrences.map(\.key) == [option.key])
                #expect(parsed.occurrences[0].text == (option.placeholder == nil ? nil : "-v"))
            }
        }
    }

    @Test func `an error hides the login of a URL`() {
        let error = UsageError.invalidValue(
            "URL", expected: "tcp://HOST:PORT", got: "tcp://me:s3cret@host:1")
        #expect("\(error)" == "URL requires tcp://HOST:PORT, not 'tcp://<redacted>@host:1'")
        #expect(UsageError.withoutLogin("u:p@h") == "u:p@h")
    }

    @Test func `the last value applies, and all are available`() throws {
        let parsed = try CrashMailOptions.table.parse([
            "-p", "a", "-o1", "--program=b", "-o", "2",
        ])
        #expect(parsed.value(.prefix) == OptionValue(name: "-o", text: "2"))
        #expect(
            parsed.values(.program) == [
                OptionValue(name: "-p", text: "a"), OptionValue(name: "--program", text: "b"),
            ])
        #expect(parsed.value("email") == nil)
        #expect(parsed.values("email").isEmpty)
        #expect(parsed.has("program") && !parsed.has("any") && !parsed.has(.help))
    }

    @Test func `a failed parse does not affect the next one`() throws {
        for _ in 0..<50 {
            #expect(throws: UsageError.self) {
                try CrashMailOptions.table.parse(["x", "-axa", "-a"])
            }
            #expect(parse(HTTPOkOptions.table, ["u", "-aE"]) == "any not-eager | u")
        }
    }

    @Test func `long words and many words are parsed`() throws {
        let long = String(repeating: "名", count: 10_000)
        let many = Array(repeating: "-aaaa", count: 500) + ["-p", long, long]
        let parsed = try CrashMailOptions.table.parse(many)
        #expect(parsed.occurrences.count == 2001)
        #expect(parsed.value("program")?.text == long)
        #expect(parsed.operands == [long])
    }
}
