// The six tools, and the program that is all of them.

internal import EventLoop
internal import Glibc
internal import System

extension Tool {
    /// Restarts programs when a web site does not answer as it should.
    static var httpok: Tool {
        Tool(options: HTTPOkOptions.table, mailer: .sendmail, confirmsDeliveries: true) {
            settings throws(UsageError) in try HTTPOkListener(settings)
        }
    }

    /// Restarts processes that hold too much memory.
    static var memmon: Tool {
        Tool(options: MemMonOptions.table, mailer: .sendmail) {
            settings throws(UsageError) in try MemMonListener(settings)
        }
    }

    /// Mails each crash.
    static var crashmail: Tool {
        Tool(options: CrashMailOptions.table, mailer: .sendmail, confirmsDeliveries: true) {
            settings throws(UsageError) in try CrashMailListener(settings)
        }
    }

    /// Collects crashes and mails them together.
    static var crashmailbatch: Tool { batch(.crashMail) }

    /// Collects failed starts and mails them together.
    static var fatalmailbatch: Tool { batch(.fatalMail) }

    /// Collects crashes and tells them together in a text message.
    static var crashsms: Tool { batch(.crashSMS) }

    private static func batch(_ kind: BatchKind) -> Tool {
        Tool(options: BatchOptions.table(for: kind), mailer: .smtp) {
            settings throws(UsageError) in try BatchListener(settings, kind: kind)
        }
    }

    /// The names of all tools.
    static let names = [
        "httpok", "memmon", "crashmail", "crashmailbatch", "fatalmailbatch", "crashsms",
    ]

    /// The tool of a name.
    static func named(_ name: String) -> Tool? {
        switch name {
        case "httpok": .httpok
        case "memmon": .memmon
        case "crashmail": .crashmail
        case "crashmailbatch": .crashmailbatch
        case "fatalmailbatch": .fatalmailbatch
        case "crashsms": .crashsms
        default: nil
        }
    }
}

extension OptionTable {
    /// The tables of the six tools, of which the manual is made, too.
    package static var ofAllTools: [OptionTable] {
        [
            Tool.httpok, .memmon, .crashmail, .crashmailbatch, .fatalmailbatch, .crashsms,
        ].map(\.options)
    }

    /// The version of all tools.
    package static var version: String { Tool.version }

    /// The options that may come from the environment, each with the names of its variables.
    package var variables: [(names: [String], option: OptionSpecification)] {
        DeliveryOptions.variable(of: self).map { (ParsedArguments.variables(of: $0), $0) }
    }
}

/// httpok: restarts programs when a web site does not answer as it should.
public enum HTTPOk {
    /// Runs the tool.
    public static func main() { Tool.httpok.run() }
}

/// memmon: restarts processes that hold too much memory.
public enum MemMon {
    /// Runs the tool.
    public static func main() { Tool.memmon.run() }
}

/// crashmail: mails each crash.
public enum CrashMail {
    /// Runs the tool.
    public static func main() { Tool.crashmail.run() }
}

/// crashmailbatch: collects crashes and mails them together.
public enum CrashMailBatch {
    /// Runs the tool.
    public static func main() { Tool.crashmailbatch.run() }
}

/// fatalmailbatch: collects failed starts and mails them together.
public enum FatalMailBatch {
    /// Runs the tool.
    public static func main() { Tool.fatalmailbatch.run() }
}

/// crashsms: collects crashes and tells them together in a text message.
public enum CrashSMS {
    /// Runs the tool.
    public static func main() { Tool.crashsms.run() }
}

/// superlance: all six in one program, which is the tool by whose name it is called.
///
/// Installed once under six names it takes a sixth of the disk, and six running listeners share its
/// code.
public enum Superlance {
    /// Runs the tool by whose name the program was called.
    public static func main() {
        let path = CommandLine.arguments.first ?? ""
        let name = path.split(separator: "/").last.map(String.init) ?? path
        if let tool = Tool.named(name) { tool.run() }
        if name == "superlance" { SuperlanceCommand.run() }
        let complaint =
            "\(name): is called by none of its names: "
            + "httpok, memmon, crashmail, crashmailbatch, fatalmailbatch, crashsms\n"
        Descriptor.standardError.writeAll(complaint.utf8)
        exit(EX_USAGE)
    }
}
