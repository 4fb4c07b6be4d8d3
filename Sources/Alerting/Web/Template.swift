// A template for the body of a webhook.

internal import EventLoop
internal import Glibc
internal import ListenerProtocol
internal import System

/// A template for the body of a webhook, in Mustache (mustache(5)).
///
/// It is read and rendered in workers only: the library for it is in C++, and what it allocates
/// goes with the worker.
public struct Template: Hashable, Sendable {
    private let file: String

    /// How long the trial at the start may take.
    private static let deadline = Duration.seconds(10)

    /// Names a template.
    ///
    /// - Parameter file: Its file.
    public init(file: String) {
        self.file = file
    }

    /// Renders a trial, with everything in it that has to be escaped.
    ///
    /// It takes a moment, for a worker does it.
    ///
    /// - Parameter origin: Who sends it.
    /// - Returns: What is wrong with the template, in one clause; nothing if it is fine.
    public func fault(for origin: Origin) -> String? {
        guard let report = tryOut(AlertDocument(origin: origin).values(Self.trial)) else {
            return "the template \(file): cannot be tried"
        }
        switch report.end {
        case .exited(EX_OK): return nil
        case .exited(EX_DATAERR): return String(decoding: report.output, as: UTF8.self)
        case let end: return "the template \(file): \(end)"
        }
    }

    /// An alert about which everything is known.
    private static var trial: Alert {
        var found = Diagnostics(host: "host")
        found.exitStatus = 1
        found.uptime = 60
        found.logs = [
            LogExcerpt("/var/log/a \"log\"", lines: ["C:\\", "\t\u{1B}[31m\"}"])
        ]
        let message = "a \"trial\"\nin two lines"
        let incident = Incident(
            .exited, at: .now, to: ProcessName(group: "a", name: "b"), pid: 1,
            message: message, diagnostics: found, header: ["server": "supervisor"])
        return Alert(
            subject: message, body: incident.text, time: .now, incidents: [incident])
    }

    /// Renders values in a worker, and drops the result.
    private func tryOut(_ values: JSONValue) -> ChildReport? {
        guard let loop = try? PollLoop() else { return nil }
        var result: ChildReport?
        loop.onTermination = { loop.stop() }
        loop.start(
            .worker {
                do throws(WebFormatError) {
                    _ = try render(values)
                    return EX_OK
                } catch {
                    Descriptor.standardOutput.writeAll(error.reason.utf8)
                    return EX_DATAERR
                }
            }, deadline: Self.deadline
        ) { report in
            result = report
            loop.stop()
        }
        loop.run()
        loop.killChildren()
        loop.onTermination = {}
        return result
    }

    // MARK: In a worker

    /// The template's text; nothing if it cannot be read, which rendering it reports.
    var source: String? { try? TemplateFile.text(at: file) }

    /// Renders the template.
    ///
    /// - Parameter values: What it finds.
    /// - Returns: The body, which is JSON.
    /// - Throws: ``WebFormatError`` with what is wrong with the template; it is not tried again.
    func render(_ values: JSONValue) throws(WebFormatError) -> [UInt8] {
        do throws(TemplateFault) {
            let template = try TemplateParser.parse(try TemplateFile.text(at: file))
            let body = try template.render(values)
            guard JSONSyntax.isObjectOrArray(body) else { throw .noJSON }
            return body
        } catch {
            throw WebFormatError(reason: "the template \(file): \(error.reason)", mayPass: false)
        }
    }
}
