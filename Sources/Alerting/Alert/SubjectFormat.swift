internal import ListenerProtocol
public import System
package import Text

/// The format of a subject: text with names in braces, such as `{headline}`.
public struct SubjectFormat: Hashable, Sendable {
    /// A name in braces.
    package enum Name: String, Sendable, CaseIterable {
        /// The whole ``Headline``.
        case headline
        /// The host.
        case host
        /// The `identifier` of supervisord.
        case supervisor
        /// The group of the process.
        case group
        /// The process.
        case process
        /// Why it happened.
        case reason
        /// The number of crashes in the last hour; of several incidents their number.
        case count
        /// The local time.
        case time
    }

    private let format: BraceText

    /// The maximum length of a subject in bytes.
    private static let limit = 600

    /// Parses a format.
    ///
    /// - Parameter text: The format.
    /// - Throws: `BraceText.Fault` if a name is unknown or a brace is not closed.
    package init(_ text: String) throws(BraceText.Fault) {
        format = try BraceText(text, names: Name.allCases.map(\.rawValue))
    }

    /// The subject of an alert.
    ///
    /// - Parameters:
    ///   - alert: The alert.
    ///   - host: The host, if the incidents do not know it.
    /// - Returns: The subject, one line.
    public func subject(of alert: Alert, on host: String = HostName.current) -> String {
        let text = format.filled {
            Name(rawValue: $0).map { Self.value($0, of: alert, host) } ?? ""
        }
        // superlance's -s of the batch tools is any text.
        guard format.hasNames else { return text }
        let lines = text.withVisibleControls.split(whereSeparator: \.isNewline)
        return lines.joined(separator: " ").cut(to: Self.limit)
    }

    private static func value(_ name: Name, of alert: Alert, _ host: String) -> String {
        let incidents = alert.effectiveIncidents
        let first = incidents.first
        return switch name {
        case .headline: Headline(of: alert, on: host).text
        case .host: first?.diagnostics?.host ?? host
        case .supervisor: first?.supervisor ?? Headline.defaultIdentifier
        case .group: list(incidents.compactMap(\.process?.group))
        case .process: list(incidents.compactMap { $0.process?.name ?? $0.topic })
        case .reason: list(incidents.compactMap(\.headlineReason), or: "reason unknown")
        case .count: "\(incidents.count == 1 ? first?.count ?? 1 : incidents.count)"
        case .time: alert.time.formatted("%Y-%m-%d %H:%M:%S")
        }
    }

    /// Each value once, up to three of them.
    private static func list(_ values: [String], or none: String = "none") -> String {
        values.isEmpty ? none : values.withoutRepetitions().abbreviated(to: 3)
    }
}

extension Incident {
    /// How often it has occurred recently.
    fileprivate var count: Int { diagnostics?.crashes?.number ?? 1 }
}
