// The options of superlance 2.0.0 as tables, with some of ours among them that get in their way.

@testable import Listeners

enum OriginalTables {
    static let all = [httpok, memmon, crashmail, crashmailbatch, fatalmailbatch, crashsms]

    static let httpok = OptionTable(
        programName: "httpok", operands: "URL",
        summary: "Restarts programs when a web page does not answer as it should.",
        options: [
            official("program", "p", "name", .repeatable, aliases: ["process"]),
            official("any", "a"),
            official("gcore", "g", "program"),
            official("coredir", "d", "directory"),
            official("timeout", "t", "seconds"),
            official("code", "c", "status", .repeatable),
            official("body", "b", "text"),
            official("email", "m", "address"),
            official("sendmail_program", "s", "command", aliases: ["sendmail"]),
            official("eager", "e"),
            official("not-eager", "E"),
            official("name", "n", "name"),
            .help,
            ours("server-url", "url"), ours("smtpHost", "server"), ours("password-file", "file"),
            ours("tls-ca", "file"), ours("groups", "name"), ours("not-before", "time"),
        ])

    static let memmon = OptionTable(
        programName: "memmon", summary: "Restarts programs that use too much memory.",
        options: [
            official("cumulative", "c"),
            official("program", "p", "name=size", .repeatable, aliases: ["process"]),
            official("group", "g", "name=size", .repeatable, aliases: ["groupname"]),
            official("any", "a", "size"),
            official("sendmail_program", "s", "command", aliases: ["sendmail"]),
            official("email", "m", "address"),
            official("uptime", "u", "time"),
            official("name", "n", "name"),
            .help,
            ours("server-url", "url"), ours("userName", "user"), ours("password-file", "file"),
        ])

    static let crashmail = OptionTable(
        programName: "crashmail", summary: "Mails when a program exits unexpectedly.",
        options: [
            official("program", "p", "name", .repeatable, aliases: ["process"]),
            official("any", "a"),
            official("optionalheader", "o", "prefix"),
            official("sendmail_program", "s", "command", aliases: ["sendmail"]),
            official("email", "m", "address"),
            .help,
            ours("server-url", "url"), ours("smtpHost", "server"), ours("header", "line"),
            ours("opaque", nil), ours("password", "password"), ours("password-file", "file"),
        ])

    static let crashmailbatch = batch("crashmailbatch")
    static let fatalmailbatch = batch("fatalmailbatch")
    static let crashsms = batch("crashsms")

    private static func batch(_ name: String) -> OptionTable {
        OptionTable(
            programName: name, summary: "Mails in batches.",
            options: [
                official("toEmail", "t", "to[,to]", .required),
                official("fromEmail", "f", "from", .required),
                official("interval", "i", "minutes"),
                official("subject", "s", "subject"),
                official("smtpHost", "H", "server"),
                official("tickEvent", "e", "tick"),
                official("userName", "u", "user"),
                official("password", "p", "password"),
                official("tls", nil),
                .help,
                ours("password-file", "file"), ours("tls-ca", "file"), ours("process", "name"),
                ours("sendmail", "command"), ours("header", "line"), ours("instant", nil),
            ])
    }

    private static func official(
        _ name: String, _ letter: Character?, _ placeholder: String? = nil,
        _ occurrence: OptionSpecification.Occurrence = .optional, aliases: [String] = []
    ) -> OptionSpecification {
        OptionSpecification(
            OptionKey(rawValue: name), letter: letter, longName: name, aliases: aliases,
            placeholder: placeholder, occurrence: occurrence, isOfficial: true,
            help: "Set the \(name).")
    }

    private static func ours(_ name: String, _ placeholder: String?) -> OptionSpecification {
        OptionSpecification(
            OptionKey(rawValue: name), longName: name, placeholder: placeholder,
            help: "Set the \(name), which superlance does not have.")
    }
}
