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
        (["--op", "x"], "optionalheader=x |"),
        (["--opa"], "opaque |"),
        (["--opaque"], "opaque |"),
        (["--s", "x"], "sendmail_program=x |"),
        (["--se", "x"], "sendmail_program=x |"),
        (["--sendmail", "x"], "sendmail_program=x |"),
        (["--sendmail_", "x"], "sendmail_program=x |"),
        (["--sm", "x"], "smtpHost=x |"),
        (["--ser", "x"], "server-url=x |"),
        (["--p", "x"], "program=x |"),
        (["--process", "x", "--proc=y", "--prog=z"], "program=x program=y program=z |"),
        (["--h"], "help |"),
        (["--he"], "help |"),
        (["--head", "x"], "header=x |"),
        (["--pass", "x"], "option --pass is ambiguous, it could be --password or --password-file"),
        (["--password", "x"], "password=x |"),
        (["--password-f=x"], "password-file=x |"),
        (["-p", "a", "-p", "b:c", "-pd"], "program=a program=b:c program=d |"),
        (["-p", "程序:监控"], "program=程序:监控 |"),
        (["x", "-a", "y"], "any | x y"),
        (["-a", "--", "-m", "x"], "any | -m x"),
        (["--", "--"], "| --"),
        (["-"], "| -"),
        (["", "-a"], "any | "),
        (["-ha"], "help any |"),
    ])
    func `crashmail's command line is understood`(arguments: [String], expected: String) {
        #expect(parse(OriginalTables.crashmail, arguments) == expected)
    }

    @Test(arguments: [
        (["-p", "x", "-t30", "http://h/"], "program=x timeout=30 | http://h/"),
        (["http://h/", "-t", "30", "-aE"], "timeout=30 any not-eager | http://h/"),
        (["-c", "200", "-c301", "--code=404", "u"], "code=200 code=301 code=404 | u"),
        (["--c", "x"], "option --c is ambiguous, it could be --coredir or --code"),
        (["--g", "x"], "gcore=x |"),
        (["--gr", "x"], "groups=x |"),
        (["--not"], "not-eager |"),
        (["--not-b", "x"], "not-before=x |"),
        (["--t=5"], "timeout=5 |"),
        (["--e"], "option --e is ambiguous, it could be --email or --eager"),
        (["--na", "x"], "name=x |"),
        (["-b", "-5", "u"], "body=-5 | u"),
    ])
    func `httpok's command line is understood`(arguments: [String], expected: String) {
        #expect(parse(OriginalTables.httpok, arguments) == expected)
    }

    @Test(arguments: [
        (
            ["--toEmail=a@b.c,d@e.f", "--fromEmail", "g@h.i", "--tls"],
            "toEmail=a@b.c,d@e.f fromEmail=g@h.i tls |"
        ),
        (
            ["-ta@b", "-fc@d", "-Hh:25", "-i.5"],
            "toEmail=a@b fromEmail=c@d smtpHost=h:25 interval=.5 |"
        ),
        (["--pass", "x"], "password=x |"),
        (["--p", "x"], "password=x |"),
        (["--pr", "x"], "process=x |"),
        (["--tl"], "tls |"),
        (["--tls-", "x"], "tls-ca=x |"),
        (["--in=2"], "interval=2 |"),
        (["--ins"], "instant |"),
        (["--u", "x"], "userName=x |"),
        (["--t"], "option --t is ambiguous, it could be --toEmail, --tickEvent, --tls or --tls-ca"),
        (
            ["--s=x"],
            "option --s is ambiguous, it could be --subject, --smtpHost or --sendmail"
        ),
        (["--tls=yes"], "option --tls takes no value"),
        (["--tl=yes"], "option --tls takes no value"),
    ])
    func `a batch tool's command line is understood`(arguments: [String], expected: String) {
        #expect(parse(OriginalTables.crashsms, arguments) == expected)
    }

    private static let misfits: [([String], String?)] = [
        (["-x"], "unknown option -x"),
        (["-ax"], "unknown option -x"),
        (["-xa"], "unknown option -x"),
        (["-:"], "unknown option -:"),
        (["-?"], "unknown option -?"),
        (["-ä"], "unknown option -ä"),
        (["-aä", "-a"], "unknown option -aä"),
        (["u", "-a监"], "unknown option -a监"),
        (["- "], "unknown option - "),
        (["--bogus"], "unknown option --bogus"),
        (["--bogus=secret"], "unknown option --bogus"),
        (["--programs", "x"], "unknown option --programs"),
        (["---"], "unknown option ---"),
        (["--\u{1B}[31m"], "unknown option --?[31m"),
        (["--=x"], nil),
        (["-m"], "option -m wants a value (address)"),
        (["-am"], "option -m wants a value (address)"),
        (["--email"], "option --email wants a value (address)"),
        (["--em"], "option --email wants a value (address)"),
        (["--sendmail"], "option --sendmail_program wants a value (command)"),
        (["--any=x"], "option --any takes no value"),
        (["--any="], "option --any takes no value"),
        (["--an=x"], "option --any takes no value"),
        (["-a", "-x", "--bogus"], "unknown option -x"),
        (["operand", "--bogus"], "unknown option --bogus"),
    ]

    @Test(arguments: misfits)
    func `what fits no option is named as it was typed`(arguments: [String], expected: String?) {
        #expect(throws: UsageError.self) { try OriginalTables.crashmail.parse(arguments) }
        if let expected { #expect(parse(OriginalTables.crashmail, arguments) == expected) }
    }

    @Test(arguments: OriginalTables.all)
    func `every prefix the original resolves means the same option`(table: OptionTable) throws {
        let official = table.options.filter(\.isOfficial)
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

    @Test(arguments: OriginalTables.all)
    func `every name and letter is its own option`(table: OptionTable) throws {
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

    @Test func `the last value counts and all can be had`() throws {
        let parsed = try OriginalTables.crashmail.parse([
            "-p", "a", "-o1", "--program=b", "-o", "2",
        ])
        #expect(parsed.value("optionalheader") == OptionValue(name: "-o", text: "2"))
        #expect(
            parsed.values("program") == [
                OptionValue(name: "-p", text: "a"), OptionValue(name: "--program", text: "b"),
            ])
        #expect(parsed.value("email") == nil)
        #expect(parsed.values("email").isEmpty)
        #expect(parsed.has("program") && !parsed.has("any") && !parsed.has(.help))
    }

    @Test func `a parse that failed half way leaves nothing for the next`() throws {
        for _ in 0..<50 {
            #expect(throws: UsageError.self) {
                try OriginalTables.crashmail.parse(["x", "-axa", "-a"])
            }
            #expect(parse(OriginalTables.httpok, ["u", "-aE"]) == "any not-eager | u")
        }
    }

    @Test func `long and many words are no trouble`() throws {
        let long = String(repeating: "名", count: 10_000)
        let many = Array(repeating: "-aaaa", count: 500) + ["-p", long, long]
        let parsed = try OriginalTables.crashmail.parse(many)
        #expect(parsed.occurrences.count == 2001)
        #expect(parsed.value("program")?.text == long)
        #expect(parsed.operands == [long])
    }
}
