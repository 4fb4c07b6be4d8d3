import Foundation

/// A replacement for sendmail that stores each message in a directory.
package final class Mailbox {
    private let directory: TemporaryDirectory
    private let folder: String

    /// The value for `--sendmail_program`.
    package var command: String { "\(folder)/sendmail" }

    package init(_ behaviour: Behaviour = .accepts) throws {
        directory = try TemporaryDirectory()
        folder = directory.path
        try behave(behaviour)
    }

    /// Sets the behaviour for further runs.
    package func behave(_ behaviour: Behaviour) throws {
        guard let lines = behaviour.script else {
            try? FileManager.default.removeItem(atPath: command)
            return
        }
        try directory.writeProgram("sendmail", script(lines))
    }

    /// How often it was run.
    package var attempts: Int { numbers("attempt").count }

    /// The arguments of each run, joined by spaces.
    package var arguments: [String] {
        numbers("attempt").map { directory.read("attempt.\($0)/arguments") }
    }

    /// The number of stored messages.
    package var count: Int { numbers("mail").count }

    /// The stored messages, in the order in which their runs began.
    package func mails() throws -> [Mail] {
        try Mail.parse(numbers("mail").map { directory.bytes("mail.\($0)") })
    }

    /// Waits for a number of messages and returns all of them.
    package func waitForMails(_ count: Int, within duration: Duration = patience) throws -> [Mail] {
        try eventually("\(count) mails, there are \(self.count)", within: duration) {
            self.count >= count
        }
        return try mails()
    }

    /// Waits until the messages meet a condition and returns all of them; the condition is
    /// evaluated whenever their number increases.
    package func waitForMails(
        within duration: Duration = patience, until isWanted: ([Mail]) throws -> Bool
    ) throws -> [Mail] {
        var mails: [Mail] = []
        return try eventually(
            "the mails wanted, there are: \(mails.map { $0["Subject"] ?? $0.body })",
            within: duration
        ) {
            guard count > mails.count else { return nil }
            mails = try self.mails()
            return try isWanted(mails) ? mails : nil
        }
    }

    /// Waits until it was run a number of times.
    package func waitForAttempts(_ count: Int, within duration: Duration = patience) throws {
        try eventually("\(count) runs of sendmail, there were \(attempts)", within: duration) {
            attempts >= count
        }
    }

    private func numbers(_ kind: String) -> [Int] {
        directory.names().compactMap { name in
            let parts = name.split(separator: ".")
            return parts.count == 2 && parts[0] == kind ? Int(parts[1]) : nil
        }.sorted()
    }

    private func script(_ lines: String) -> String {
        """
        #!/bin/sh
        # mkdir is atomic: each run gets a number of its own.
        cd '\(folder)' || exit 71
        number=1
        while ! mkdir "attempt.$number" 2>/dev/null; do number=$((number + 1)); done
        printf '%s' "$*" > "attempt.$number/arguments"
        keep() { cat > "attempt.$number/mail" && mv "attempt.$number/mail" "mail.$number"; }
        \(lines)

        """
    }
}
