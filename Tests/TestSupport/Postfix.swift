import Foundation

/// A real Postfix on a free port of 127.0.0.1 with its own configuration, queue and mailboxes;
/// scripts/setup has unpacked it below .build.
///
/// Only root can start it, because its daemons run as different users.
package final class Postfix {
    /// Optional features.
    package struct Features {
        /// The greylisting delay for unknown senders in seconds; nil for none.
        package var greylisting: Int?
        /// Whether it offers STARTTLS.
        package var isEncrypted = false
        /// The only user who may send; nil if no login is required.
        package var login: (user: String, password: String)?
        /// The maximum message size in bytes.
        package var sizeLimit = 10_240_000

        package init(
            greylisting: Int? = nil, isEncrypted: Bool = false,
            login: (user: String, password: String)? = nil, sizeLimit: Int = 10_240_000
        ) {
            self.greylisting = greylisting
            self.isEncrypted = isEncrypted
            self.login = login
            self.sizeLimit = sizeLimit
        }
    }

    private let directory: TemporaryDirectory
    private let process: ChildProcess
    /// The certificate, with TLS only.
    package let certificate: TestCertificate?
    private let port: Int

    /// The value for `--smtpHost`.
    package var address: String { "127.0.0.1:\(port)" }

    /// Its sendmail, a value for `--sendmail_program`.
    package var command: String { "\(directory.path("sendmail")) -t -i" }

    /// Its log so far.
    package var log: String { directory.read("log") }

    /// Starts one with a mailbox for each of these users at example.org and no others.
    package init(_ features: Features = Features(), mailboxes: [String] = ["ops"]) throws {
        directory = try TemporaryDirectory()
        certificate = features.isEncrypted ? try TestCertificate() : nil
        // A site that does not listen reserves the port only until it is released.
        port = try HTTPSite(listening: false).port
        let setup = PostfixSetup(
            directory: directory, features: features, certificate: certificate, port: port)
        try setup.write(mailboxes: mailboxes)
        // It also stops when the test process ends for any reason.
        process = try ChildProcess(
            [
                "/bin/sh", "-c",
                #"exec 3<&0; "$@" </dev/null & master=$!; read end <&3; kill $master"#, "sh",
                "\(PostfixSetup.daemons)/master", "-c", setup.configuration, "-d",
            ],
            environment: ChildProcess.environment(adding: PostfixSetup.environment))
        try eventually("Postfix, which says: \(log)\(process.standardError)") {
            let hasPickup = FileManager.default.fileExists(
                atPath: directory.path("queue/public/pickup"))
            return hasPickup && log.contains("daemon started")
        }
    }

    /// Changes the maximum message size, as an administrator does.
    package func setSizeLimit(_ bytes: Int) throws {
        let file = directory.path("conf/main.cf")
        let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
            .filter { !$0.hasPrefix("message_size_limit") }
        try (lines + ["message_size_limit = \(bytes)\n"]).joined(separator: "\n")
            .write(toFile: file, atomically: false, encoding: .utf8)
        let identifier = directory.read("queue/pid/master.pid")
            .trimmingCharacters(in: .whitespacesAndNewlines)
        if let master = pid_t(identifier) { kill(master, SIGHUP) }
        try waitForLog("reload")
    }

    /// The number of messages in a mailbox.
    package func count(_ mailbox: String = "ops") -> Int { files(mailbox).count }

    /// The messages in a mailbox, in order of delivery.
    package func mails(_ mailbox: String = "ops") throws -> [Mail] {
        try Mail.parse(files(mailbox).map { directory.bytes("mail/\(mailbox)/new/\($0)") })
    }

    /// Waits for a number of messages in a mailbox and returns all of them.
    package func waitForMails(_ count: Int, in mailbox: String = "ops") throws -> [Mail] {
        try eventually("\(count) mails for \(mailbox); \(log)") { self.count(mailbox) >= count }
        return try mails(mailbox)
    }

    /// Waits for a text in its log.
    package func waitForLog(_ words: String) throws {
        try eventually("'\(words)' in Postfix's log: \(log)") { log.contains(words) }
    }

    private func files(_ mailbox: String) -> [String] {
        let folder = directory.path("mail/\(mailbox)/new")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        // The name begins with seconds, then microseconds after an M; see virtual(8) and the
        // Maildir format.
        func moment(_ name: String) -> (Int, Int) {
            let micros = name.firstMatch(of: /M(\d+)\./).flatMap { Int($0.1) } ?? 0
            return (Int(name.prefix { $0.isNumber }) ?? 0, micros)
        }
        return names.sorted { moment($0) < moment($1) }
    }
}
