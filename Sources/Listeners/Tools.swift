// The six tools, each with the name under which an executable runs it.

/// httpok: restarts programs when a web site does not answer as it should.
public enum HTTPOk {
    /// Runs the tool.
    public static func main() {
        Tool(
            options: HTTPOkOptions.table, mailer: .sendmail, confirmsDeliveries: true,
            listener: { settings throws(UsageError) in try HTTPOkListener(settings) }
        ).run()
    }
}

/// memmon: restarts processes that hold too much memory.
public enum MemMon {
    /// Runs the tool.
    public static func main() {
        Tool(
            options: MemMonOptions.table, mailer: .sendmail,
            listener: { settings throws(UsageError) in try MemMonListener(settings) }
        ).run()
    }
}

/// crashmail: mails each crash.
public enum CrashMail {
    /// Runs the tool.
    public static func main() {
        Tool(
            options: CrashMailOptions.table, mailer: .sendmail, confirmsDeliveries: true,
            listener: { settings throws(UsageError) in try CrashMailListener(settings) }
        ).run()
    }
}

/// crashmailbatch: collects crashes and mails them together.
public enum CrashMailBatch {
    /// Runs the tool.
    public static func main() { BatchKind.crashMail.tool.run() }
}

/// fatalmailbatch: collects failed starts and mails them together.
public enum FatalMailBatch {
    /// Runs the tool.
    public static func main() { BatchKind.fatalMail.tool.run() }
}

/// crashsms: collects crashes and tells them together in a text message.
public enum CrashSMS {
    /// Runs the tool.
    public static func main() { BatchKind.crashSMS.tool.run() }
}

extension BatchKind {
    fileprivate var tool: Tool {
        Tool(
            options: BatchOptions.table(for: self), mailer: .smtp,
            listener: { settings throws(UsageError) in try BatchListener(settings, kind: self) })
    }
}
