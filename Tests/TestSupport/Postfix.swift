// A Postfix of the test's own, as Debian has it.

import Foundation

/// A true Postfix on a free port of 127.0.0.1 with a configuration, a queue and mailboxes of its
/// own; scripts/setup has unpacked it below .build.
///
/// Only root can start one: its parts run as different users.
package final class Postfix {
    /// What it does beyond taking mail.
    package struct Features {
        /// How long a sender that it does not know yet has to wait; not at all when nil.
        package var greylisting: Int?
        /// Whether it offers STARTTLS.
        package var isEncrypted = false
        /// The one user who may send, with a password; anybody when nil.
        package var login: (user: String, password: String)?
        /// The largest message, in bytes.
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
    /// Present where there is TLS.
    package let certificate: TestCertificate?
    private let port: Int

    /// What to give to `--smtpHost`.
    package var address: String { "127.0.0.1:\(port)" }

    /// Its sendmail, to be given to `--sendmail_program`.
    package var command: String { "\(directory.path("sendmail")) -t -i" }

    /// Everything it has logged so far.
    package var log: String { directory.read("log") }

    /// Starts one that has a mailbox for each of these at example.org, and for nobody else.
    package init(_ features: Features = Features(), mailboxes: [String] = ["ops"]) throws {
        directory = try TemporaryDirectory()
        certificate = features.isEncrypted ? try TestCertificate() : nil
        // A site that does not listen holds it only until it is forgotten.
        port = try HTTPSite(listening: false).port
        let setup = PostfixSetup(
            directory: directory, features: features, certificate: certificate, port: port)
        try setup.write(mailboxes: mailboxes)
        // It ends with the test's own process, too, however that ends.
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

    /// How many messages are in a mailbox.
    package func count(_ mailbox: String = "ops") -> Int { files(mailbox).count }

    /// The messages in a mailbox, in the order in which they were delivered.
    package func mails(_ mailbox: String = "ops") throws -> [Mail] {
        try Mail.parse(files(mailbox).map { directory.bytes("mail/\(mailbox)/new/\($0)") })
    }

    /// Waits for that many messages in a mailbox and returns all there are.
    package func waitForMails(_ count: Int, in mailbox: String = "ops") throws -> [Mail] {
        try eventually("\(count) mails for \(mailbox); \(log)") { self.count(mailbox) >= count }
        return try mails(mailbox)
    }

    /// Waits for words in its log.
    package func waitForLog(_ words: String) throws {
        try eventually("'\(words)' in Postfix's log: \(log)") { log.contains(words) }
    }

    private func files(_ mailbox: String) -> [String] {
        let folder = directory.path("mail/\(mailbox)/new")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        // Seconds, then microseconds behind an M; see virtual(8) and the Maildir format.
        func moment(_ name: String) -> (Int, Int) {
            let micros = name.firstMatch(of: /M(\d+)\./).flatMap { Int($0.1) } ?? 0
            return (Int(name.prefix { $0.isNumber }) ?? 0, micros)
        }
        return names.sorted { moment($0) < moment($1) }
    }
}
