import Testing

@testable import Listeners

struct CommandLineHelpTests {
    private let table = OptionTable(
        programName: "tool", operands: "URL",
        summary: "Does what a tool does, and says so in a sentence that is a little longer than "
            + "a line.",
        options: [
            OptionSpecification(
                "program", letter: "p", longName: "program",
                placeholder: "name", occurrence: .repeatable, isOriginal: true,
                help: "Watch this process, given as name or group:name; may be given several times."
            ),
            OptionSpecification(
                "any", letter: "a", longName: "any", isOriginal: true, help: "Watch all."),
            OptionSpecification("tls", longName: "tls", isOriginal: true, help: "Use TLS."),
            OptionSpecification(
                "from", letter: "f", longName: "fromEmail", placeholder: "from",
                occurrence: .required, isOriginal: true, help: "Send from here."),
            .help,
            OptionSpecification(
                "password-file", longName: "password-file", placeholder: "file",
                help: "Read the password from a file."),
        ])

    @Test func `usage is one line`() {
        #expect(table.usage == "usage: tool [-p name]... [-a] [--tls] -f from [-h] [option]... URL")
    }

    @Test func `superlance's usage is kept`() {
        #expect(
            HTTPOkOptions.table.usage
                == "usage: httpok [-p NAME]... [-a] [-g COMMAND] [-d DIRECTORY] [-t SECONDS] "
                + "[-c STATUS]... [-b TEXT]... [-e] [-E] [-n NAME] [-m ADDRESS] [-s COMMAND] [-h] "
                + "[option]... [PATTERN=]URL...")
        #expect(
            MemMonOptions.table.usage
                == "usage: memmon [-c] [-p NAME=SIZE]... [-g GROUP=SIZE]... [-a SIZE] [-u TIME] "
                + "[-n NAME] [-m ADDRESS] [-s COMMAND] [-h] [option]...")
        #expect(
            CrashMailOptions.table.usage
                == "usage: crashmail [-p NAME]... [-a] [-o PREFIX] [-m ADDRESS] [-s COMMAND] [-h] "
                + "[option]...")
        #expect(
            BatchOptions.table(for: .crashSMS).usage
                == "usage: crashsms [-i MINUTES] [-s TEXT] [-e TICK_N] -t ADDRESS -f ADDRESS "
                + "[-H HOST] [-u NAME] [-p PASSWORD] [--tls] [-h] [option]...")
    }

    @Test func `usage has the options that are required`() {
        #expect(
            FatalRetryOptions.table.usage
                == "usage: fatalretry -p PATTERN [-p PATTERN]... [-m ADDRESS] [-s COMMAND] [-h] "
                + "[option]...")
    }

    @Test func `help has the usage in several lines if it is long`() {
        #expect(
            HTTPOkOptions.table.help.hasPrefix(
                """
                usage: httpok [-p NAME]... [-a] [-g COMMAND] [-d DIRECTORY] [-t SECONDS]
                    [-c STATUS]... [-b TEXT]... [-e] [-E] [-n NAME] [-m ADDRESS] [-s COMMAND]
                    [-h] [option]... [PATTERN=]URL...

                """))
    }

    @Test func `help aligns the sentences and keeps to 80 columns`() {
        #expect(
            table.help == """
                usage: tool [-p name]... [-a] [--tls] -f from [-h] [option]... URL

                Does what a tool does, and says so in a sentence that is a little longer than a
                line.

                Options:
                  -p, --program name          Watch this process, given as name or group:name;
                                              may be given several times.
                  -a, --any                   Watch all.
                      --tls                   Use TLS.
                  -f, --fromEmail from        Send from here.
                      --password-file file    Read the password from a file.

                Actions:
                  -h, --help                  Show this help and exit.

                """)
    }

    @Test func `a long name has its own line`() {
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

                Options:
                      --a-very-long-option-name value
                                              Do it.

                """)
    }

    @Test(
        arguments: Listeners.Tool.all.map(\.options) + [
            DoctorCommand.table, StatusCommand.table, SilenceCommand.table,
        ])
    func `no line of help exceeds 80 columns`(table: OptionTable) {
        for line in table.help.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    }
}
