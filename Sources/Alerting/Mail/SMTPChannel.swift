public import Curl
internal import EventLoop
internal import Glibc
internal import System
internal import Text

/// Sends mail over SMTP in a worker.
public struct SMTPChannel: Channel {
    private let server: SMTPServer
    private let login: SMTPLogin?
    private let envelope: Envelope
    private let timeouts: SMTPTimeouts

    /// Creates the channel.
    ///
    /// - Parameters:
    ///   - server: The server, without a login.
    ///   - login: The login, if the server requires one.
    ///   - envelope: The sender and recipients.
    ///   - timeouts: The timeouts of the server.
    public init(
        server: SMTPServer, login: SMTPLogin?, envelope: Envelope,
        timeouts: SMTPTimeouts = .standard
    ) {
        self.server = server
        self.login = login
        self.envelope = envelope
        self.timeouts = timeouts
    }

    /// The channel's name in logs.
    public var name: String { "SMTP" }

    /// The recipients, each once: one may be rejected while others are accepted.
    public var targets: [String] {
        envelope.recipients.map(\.mailbox).withoutRepetitions()
    }

    /// Creates an attempt to deliver alerts.
    public func attempt(_ parcel: Parcel, to targets: [String]) -> Attempt {
        let mail = envelope.mail(parcel.digest, lineEnding: .carriageReturnLineFeed)
        return Attempt(
            // The worker stops the transfer itself before that deadline, so that it can report the
            // server's reason.
            program: .worker { deliver(mail, to: targets) }, input: [],
            deadline: timeouts.total + .seconds(30), size: mail.count,
            answer: { DeliveryRecord<String>.answer(in: WorkerRecords($0.output)) }
        ) { report in
            let records = WorkerRecords(report.output).all(DeliveryRecord<String>.self)
            let known = Dictionary(records.map { ($0.target, $0.status) }) { $1 }
            let unknown = DeliveryStatus.unknown(report.end, at: "\(server)")
            return Dictionary(targets.map { ($0, known[$0] ?? unknown) }) { $1 }
        }
    }

    // MARK: In the worker

    /// Connects to the server, encrypts and logs in, but sends no mail.
    public func findObstacle() -> String? {
        var server = server
        do throws(SystemError) {
            server.credentials = try login?.credentials()
        } catch {
            return "\(error)"
        }
        return server.probe(timeout: .seconds(10))
    }

    private func deliver(_ mail: [UInt8], to targets: [String]) -> Int32 {
        var server = server
        do throws(SystemError) {
            server.credentials = try login?.credentials()
        } catch {
            let reason = "\(error); check --password-file"
            for target in targets { DeliveryRecord(target, .blocked(reason)).write() }
            return EX_TEMPFAIL
        }
        let receipts = server.send(
            from: envelope.sender.mailbox, to: targets, message: mail, timeouts: timeouts)
        for receipt in receipts {
            let (status, answer) = DeliveryStatus.of(receipt)
            DeliveryRecord(receipt.recipient, status, answer: answer).write()
        }
        return EX_OK
    }
}

extension DeliveryStatus {
    /// The status of one recipient, and the server's response if it accepted the mail.
    fileprivate static func of(_ receipt: SMTPReceipt) -> (DeliveryStatus, answer: String) {
        switch receipt.status {
        case .accepted(let reply): (.accepted, reply)
        case .later(let reason): (.later(reason), "")
        case .blocked(let reason): (.blocked(reason), "")
        case .tooLarge(let reason, let limit, let isCertain):
            (.tooLarge(reason, limit: limit, isCertain: isCertain), "")
        case .refused(let reason): (.refused(reason), "")
        }
    }
}
