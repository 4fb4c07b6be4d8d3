import Testing

@testable import Listeners

struct CommandLineHelpTests {
    private let table = OptionTable(
        programName: "tool", operands: "URL",
        summary: "Does what a tool does, and says so in a sentence that is a little longer than "
            + "a line.",
        options: [
            OptionSpecification(
                "program", letter: "p", longName: "program", aliases: ["process"],
                placeholder: "name", occurrence: .repeatable, isOfficial: true,
                help: "Watch this process, given as name or group:name; may be given several times."
            ),
            OptionSpecification(
                "any", letter: "a", longName: "any", isOfficial: true, help: "Watch all."),
            OptionSpecification("tls", longName: "tls", isOfficial: true, help: "Use TLS."),
            OptionSpecification(
                "from", letter: "f", longName: "fromEmail", placeholder: "from",
                occurrence: .required, isOfficial: true, help: "Send from here."),
            .help,
            OptionSpecification(
                "password-file", longName: "password-file", placeholder: "file",
                help: "Read the password from a file."),
        ])

    @Test func `usage is one line`() {
        #expect(table.usage == "usage: tool [-p name]... [-a] [--tls] -f from [-h] [option]... URL")
    }

    @Test func `the original's usage is kept`() {
        #expect(
            OriginalTables.httpok.usage
                == "usage: httpok [-p name]... [-a] [-g program] [-d directory] [-t seconds] "
                + "[-c status]... [-b text] [-m address] [-s command] [-e] [-E] [-n name] [-h] "
                + "[option]... URL")
    }

    @Test func `help aligns the sentences and keeps to 80 columns`() {
        #expect(
            table.help == """
                usage: tool [-p name]... [-a] [--tls] -f from [-h] [option]... URL

                Does what a tool does, and says so in a sentence that is a little longer than a
                line.

                  -p, --program name          Watch this process, given as name or group:name;
                                              may be given several times.
                  -a, --any                   Watch all.
                      --tls                   Use TLS.
                  -f, --fromEmail from        Send from here.
                  -h, --help                  Show this text and exit.
                      --password-file file    Read the password from a file.

                """)
    }

    @Test func `a long name stands on a line of its own`() {
        let table = OptionTable(
            programName: "tool", summary: "Does it.",
            options: [
                OptionSpecification(
                    "x", longName: "a-very-long-option-name", placeholder: "value", help: "Do it.")
            ])
        #expect(
            table.help == """
                usage: tool [option]...

                Does it.

                      --a-very-long-option-name value
                                              Do it.

                """)
    }

    @Test(arguments: OriginalTables.all)
    func `no line of help but the usage passes 80 columns`(table: OptionTable) {
        for line in table.help.split(separator: "\n").dropFirst() { #expect(line.count <= 80) }
    }
}
