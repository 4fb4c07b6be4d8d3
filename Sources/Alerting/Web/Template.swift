// A template for the body of a webhook, and the program that knows templates.

internal import EventLoop
internal import Glibc
internal import ListenerProtocol
internal import System

/// A template for the body of a webhook.
///
/// It is rendered by a program of its own, `superlance-render`, so that what it takes to know
/// templates is in no listener.
public struct Template: Hashable, Sendable {
    private let file: String
    private let renderer: String

    /// Names a template.
    ///
    /// - Parameters:
    ///   - file: The template.
    ///   - renderer: The program that renders it; by default the one beside this program.
    public init(file: String, renderer: String? = nil) {
        self.file = file
        self.renderer = renderer ?? Self.standardRenderer
    }

    /// `superlance-render` in the folder of this program.
    private static var standardRenderer: String {
        var buffer = [CChar](repeating: 0, count: 4_096)
        let count = unsafe readlink("/proc/self/exe", &buffer, buffer.count)
        let path = String(
            decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let end = path.utf8.lastIndex(of: UInt8(ascii: "/")) ?? path.startIndex
        return "\(path[..<end])/superlance-render"
    }

    /// Renders a trial, with everything in it that has to be escaped.
    ///
    /// - Parameter origin: Who tells.
    /// - Returns: What is wrong with the template, in one clause; nothing if it is fine.
    public func fault(for origin: Origin) -> String? {
        do throws(WebFormatError) {
            _ = try render(AlertDocument(origin: origin).values(Self.trial))
            return nil
        } catch {
            return error.reason
        }
    }

    /// An alert about which everything is known.
    private static var trial: Alert {
        var found = Diagnostics(host: "host")
        found.exitStatus = 1
        found.uptime = 60
        found.logFile = "/var/log/a \"log\""
        found.logTail = ["C:\\", "\t\u{1B}[31m\"}"]
        let message = "a \"trial\"\nin two lines"
        let incident = Incident(
            .exited, at: .now, to: ProcessName(group: "a", name: "b"), pid: 1,
            message: message, diagnostics: found, header: ["server": "supervisor"])
        return Alert(
            subject: message, body: incident.text, time: .now, incidents: [incident])
    }

    /// Renders the template; it takes a while.
    func render(_ values: JSONValue) throws(WebFormatError) -> [UInt8] {
        guard let report = run(input: values.bytes) else {
            throw WebFormatError(reason: "cannot run \(renderer)", mayPass: true)
        }
        let words = String(decoding: report.diagnostics.prefix(500), as: UTF8.self)
            .split { $0.isWhitespace }.joined(separator: " ")
        switch report.end {
        case .exited(0): return report.output
        case .exited(EX_DATAERR):
            throw WebFormatError(reason: "the template \(file): \(words)", mayPass: false)
        case .exited(let status):
            throw WebFormatError(
                reason: "\(renderer) ended with status \(status): \(words)", mayPass: true)
        case .signalled(let number):
            throw WebFormatError(reason: "signal \(number) ended \(renderer)", mayPass: true)
        case .timedOut:
            throw WebFormatError(
                reason: "\(renderer) took longer than \(TemplateFormat.deadline)", mayPass: true)
        case .notStarted(let error): throw WebFormatError(reason: "\(error)", mayPass: true)
        }
    }

    private func run(input: [UInt8]) -> ChildReport? {
        guard let loop = try? PollLoop() else { return nil }
        var result: ChildReport?
        loop.onTermination = { loop.stop() }
        loop.start(
            .command([renderer, file]), input: input, deadline: TemplateFormat.deadline,
            limit: 1_048_576
        ) { report in
            result = report
            loop.stop()
        }
        loop.run()
        loop.killChildren()
        loop.onTermination = {}
        return result
    }
}
