internal import EventLoop
internal import Glibc
internal import ListenerProtocol
internal import System
internal import Text

/// A Mustache template for the body of a webhook (mustache(5)).
///
/// It is read and rendered only in workers: the library is in C++, and its memory is released with
/// the worker.
public struct Template: Hashable, Sendable {
    private let file: String

    /// The timeout of the test at the start.
    private static let deadline = Duration.seconds(10)

    /// Refers to a template.
    ///
    /// - Parameter file: The path of its file.
    public init(file: String) {
        self.file = file
    }

    /// Renders a test alert that contains everything that must be escaped.
    ///
    /// It blocks until a worker has rendered it.
    ///
    /// - Parameter origin: The sender.
    /// - Returns: The error of the template, as one clause; nil if there is none.
    public func fault(for origin: Origin) -> String? {
        let document = AlertDocument(origin: origin)
        guard let report = tryOut([Self.trial(1), Self.trial(2)].map(document.values)) else {
            return "the template \(file): cannot be tested"
        }
        switch report.end {
        case .exited(EX_OK): return nil
        case .exited(EX_DATAERR): return String(decoding: report.output, as: UTF8.self)
        case let end: return "the template \(file): \(end)"
        }
    }

    /// A test alert with all details.
    ///
    /// - Parameter count: The number of its incidents.
    /// - Returns: The alert.
    private static func trial(_ count: Int) -> Alert {
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
            subject: message, body: incident.text, time: .now,
            incidents: Array(repeating: incident, count: count))
    }

    /// Renders values in a worker, and discards the results.
    private func tryOut(_ values: [JSONValue]) -> ChildReport? {
        guard let loop = try? PollLoop() else { return nil }
        var result: ChildReport?
        loop.onTermination = { loop.stop() }
        loop.start(
            .worker {
                do throws(WebFormatError) {
                    for values in values { _ = try render(values) }
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

    /// The template's text; nil if it cannot be read, which rendering reports.
    var source: String? { try? TemplateFile.text(at: file) }

    /// Renders the template.
    ///
    /// - Parameter values: The values.
    /// - Returns: The body, which is JSON.
    /// - Throws: ``WebFormatError`` with the error of the template; it is not retried.
    func render(_ values: JSONValue) throws(WebFormatError) -> [UInt8] {
        do throws(TemplateFault) {
            let template = try TemplateParser.parse(try TemplateFile.text(at: file))
            let body = try template.render(values)
            guard JSONReader.isObjectOrArray(body) else { throw .noJSON }
            return body
        } catch {
            throw WebFormatError(reason: "the template \(file): \(error.reason)", mayPass: false)
        }
    }
}
