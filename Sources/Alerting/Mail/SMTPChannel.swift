// Mail to a server that speaks SMTP.

public import Curl
internal import EventLoop
internal import Glibc
internal import System

/// Mail to a server that speaks SMTP, by a worker that may hang, crash or leak as it likes.
public struct SMTPChannel: Channel {
    private let server: SMTPServer
    private let login: SMTPLogin?
    private let mailing: Envelope
    private let deadline: Duration

    /// Describes the channel.
    ///
    /// - Parameters:
    ///   - server: The server, without a login.
    ///   - login: The login, if it asks for one.
    ///   - mailing: Who writes to whom.
    ///   - deadline: How long a delivery may take.
    public init(
        server: SMTPServer, login: SMTPLogin?, mailing: Envelope, deadline: Duration = .seconds(30)
    ) {
        self.server = server
        self.login = login
        self.mailing = mailing
        self.deadline = deadline
    }

    /// What a log calls the channel.
    public var name: String { "SMTP" }

    /// The recipients, each by itself, and once: one may be refused while the others get theirs.
    public var targets: [String] {
        var named: Set<String> = []
        return mailing.recipients.map(\.mailbox).filter { named.insert($0).inserted }
    }

    /// What to do to deliver one alert.
    public func attempt(_ alert: Alert, to targets: [String]) -> Attempt {
        let mail = mailing.mail(alert, lineEnding: .carriageReturnLineFeed)
        return Attempt(
            // The worker ends the transfer itself, in time to say in the server's words why; the
            // other deadline is for one that cannot.
            program: .worker { deliver(mail, to: targets) }, input: [],
            deadline: deadline + .seconds(5),
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

    /// Connects to the server, encrypts and logs in, without sending a mail.
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
            for target in targets { WorkerAnswer.write("later", target, "\(error)") }
            return EX_TEMPFAIL
        }
        let receipts = server.send(
            from: mailing.sender.mailbox, to: targets, message: mail, timeout: deadline)
        for receipt in receipts {
            switch receipt.status {
            case .accepted(let reply):
                WorkerAnswer.write("accepted", receipt.recipient, reply)
            case .later(let reason): WorkerAnswer.write("later", receipt.recipient, reason)
            case .refused(let reason): WorkerAnswer.write("refused", receipt.recipient, reason)
            }
        }
        return EX_OK
    }

    // MARK: In the resident

    private static func statuses(_ answer: [UInt8]) -> [String: DeliveryStatus] {
        var statuses: [String: DeliveryStatus] = [:]
        for record in TextRecord.parse(answer) where record.count > 1 {
            switch record[0] {
            case "accepted": statuses[record[1]] = .accepted
            case "refused": statuses[record[1]] = .refused(record.last ?? "")
            default: statuses[record[1]] = .later(record.last ?? "")
            }
        }
        return statuses
    }
}

extension ChildReport.End {
    /// Why nothing is known of a delivery.
    fileprivate func unknown(_ server: SMTPServer) -> String {
        switch self {
        case .exited: "nothing is known of the delivery to \(server)"
        case .signalled(let number): "signal \(number) ended the delivery to \(server)"
        case .timedOut: "the delivery to \(server) hung"
        case .notStarted(let error): "\(error)"
        }
    }
}
