import Foundation
import Glibc

/// An Alertmanager on a free port of 127.0.0.1 that sends its notifications to a test's site.
package final class Alertmanager {
    /// The path of a Debian program that scripts/setup has installed, or unpacked below .build.
    package static func program(_ name: String) throws -> String {
        let paths = ["/usr/bin/\(name)", "\(Document.root)/.build/debian/usr/bin/\(name)"]
        guard let path = paths.first(where: FileManager.default.isExecutableFile) else {
            throw TestFailure("there is no \(name); run scripts/setup test")
        }
        return path
    }

    private let directory: TemporaryDirectory
    private let port: Int
    private var process: ChildProcess?

    /// Prepares one that groups alerts for a second.
    package init(notifying site: HTTPSite) throws {
        directory = try TemporaryDirectory()
        port = try Self.freePort()
        try directory.write(
            "alertmanager.yml",
            """
            route:
              receiver: test
              group_by: [alertname]
              group_wait: 1s
              group_interval: 1s
            receivers:
              - name: test
                webhook_configs:
                  - url: \(site.url)
            """)
    }

    package var url: String { "http://127.0.0.1:\(port)/" }

    /// Starts it and waits until it responds.
    package func start() throws {
        process = try ChildProcess([
            Self.program("prometheus-alertmanager"),
            "--config.file=\(directory.path("alertmanager.yml"))",
            "--storage.path=\(directory.path("data"))", "--cluster.listen-address=",
            "--web.listen-address=127.0.0.1:\(port)",
        ])
        _ = try eventually("Alertmanager, which says: \(process?.standardError ?? "")") {
            try? alerts()
        }
    }

    /// Stops it.
    package func stop() {
        process?.kill()
    }

    /// Stops it and starts it again: it does not store alerts on disk.
    package func restart() throws {
        stop()
        try start()
    }

    /// The processes of the active alerts, in order.
    package func processes() throws -> [String] {
        try alerts().compactMap { $0.labels["process"] }.sorted()
    }

    /// The active alerts.
    package func alerts() throws -> [Alert] {
        let output = try ChildProcess.run([
            Self.program("amtool"), "alert", "query", "--alertmanager.url=\(url)", "-o", "json",
        ])
        return try JSONDecoder().decode([Alert].self, from: Data(output))
    }

    /// An alert in the form of its API.
    package struct Alert: Decodable {
        package let labels: [String: String]
        package let annotations: [String: String]
        package let startsAt: String
    }

    /// The notification that a receiver gets.
    package struct Notification: Decodable {
        package let status: String
        package let alerts: [Alert]

        /// Parses the request that a site received.
        package init(_ request: HTTPSite.Request) throws {
            self = try JSONDecoder().decode(Self.self, from: Data(request.body.utf8))
        }
    }

    private static func freePort() throws -> Int {
        // A site that does not listen reserves the port only until it is released.
        try HTTPSite(listening: false).port
    }
}
