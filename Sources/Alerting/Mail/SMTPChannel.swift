public import Curl
internal import EventLoop
internal import Glibc
internal import System

/// Sends mail over SMTP in a worker.
public struct SMTPChannel: Channel {
    private let server: SMTPServer
    private let login: SMTPLogin?
    private let mailing: Envelope
    private let timeouts: SMTPTimeouts

    /// Describes the channel.
    ///
    /// - Parameters:
    ///   - server: The server, without a login.
    ///   - login: The login, if it asks for one.
    ///   - mailing: Who writes to whom.
    ///   - timeouts: How long the server may take.
    public init(
        server: SMTPServer, login: SMTPLogin?, mailing: Envelope,
        timeouts: SMTPTimeouts = .standard
    ) {
        self.server = server
        self.login = login
        self.mailing = mailing
        self.timeouts = timeouts
    }

    /// The channel's name in logs.
    public var name: String { "SMTP" }

    /// The recipients, each once: one may be rejected while others are accepted.
    public var targets: [String] {
        var named: Set<String> = []
        return mailing.recipients.map(\.mailbox).filter { named.insert($0).inserted }
    }

    /// What to do to deliver alerts.
    public func attempt(_ parcel: Parcel, to targets: [String]) -> Attempt {
        let mail = mailing.mail(parcel.digest, lineEnding: .carriageReturnLineFeed)
        return Attempt(
            // The worker stops the transfer itself before that deadline, so that it can report the
            // server's reason.
            program: .worker { deliver(mail, to: targets) }, input: [],
            deadline: timeouts.total + .seconds(30), size: mail.count,
            answer: { report in
                TextRecord.parse(report.output).first { $0.count == 3 && $0[0] == "accepted" }?[2]
            }
        ) { report in
            let unknown = report.end.unknown(server)
            return targets.reduce(into: Self.statuses(report.output)) { statuses, target in
                statuses[target] = statuses[target] ?? .later(unknown)
            }
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
            for target in targets { WorkerAnswer.write("blocked", target, reason) }
            return EX_TEMPFAIL
        }
        let receipts = server.send(
            from: mailing.sender.mailbox, to: targets, message: mail, timeouts: timeouts)
        for receipt in receipts {
            switch receipt.status {
            case .accepted(let reply):
                WorkerAnswer.write("accepted", receipt.recipient, reply)
            case .later(let reason): WorkerAnswer.write("later", receipt.recipient, reason)
            case .blocked(let reason): WorkerAnswer.write("blocked", receipt.recipient, reason)
            case .tooLarge(let reason, let limit):
                WorkerAnswer.write(
                    "too large", receipt.recipient, limit.map(String.init) ?? "", reason)
            case .refused(let reason): WorkerAnswer.write("refused", receipt.recipient, reason)
            }
        }
        return EX_OK
    }

    // MARK: In the main process

    private static func statuses(_ answer: [UInt8]) -> [String: DeliveryStatus] {
        var statuses: [String: DeliveryStatus] = [:]
        for record in TextRecord.parse(answer) where record.count > 2 {
            switch record[0] {
            case "accepted": statuses[record[1]] = .accepted
            case "refused": statuses[record[1]] = .refused(record.last ?? "")
            case "blocked": statuses[record[1]] = .blocked(record.last ?? "")
            case "too large":
                statuses[record[1]] = .tooLarge(record.last ?? "", limit: Int(record[2]))
            default: statuses[record[1]] = .later(record.last ?? "")
            }
        }
        return statuses
    }
}

extension ChildReport.End {
    /// Why the status of a delivery is unknown.
    fileprivate func unknown(_ server: SMTPServer) -> String {
        switch self {
        case .exited: "nothing is known of the delivery to \(server)"
        case .signalled(let number): "signal \(number) ended the delivery to \(server)"
        case .timedOut: "the delivery to \(server) hung"
        case .notStarted(let error), .unknown(let error): "\(error)"
        }
    }
}
