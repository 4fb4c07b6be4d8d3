// Identifies an incident from its first alert until its recovery.

internal import ListenerProtocol
internal import System
internal import Text

extension Incident {
    /// Identifies an incident, the same from the first alert until the recovery: the host, the
    /// supervisord, the process or URL, and the kind.
    ///
    /// It has at most 255 bytes, as PagerDuty requires of a `dedup_key` (Events API v2).
    ///
    /// - Parameter host: The host, if the incident does not know it.
    /// - Returns: The key.
    package func key(on host: String = HostName.current) -> String {
        let kind = recovery?.kind ?? kind
        let parts: [String?] = [
            diagnostics?.host ?? host, supervisor ?? "supervisor",
            process == nil || check != nil ? check?.url : process?.qualifiedName, check?.name,
            notice.map { "\(kind.rawValue)-\($0)" } ?? kind.rawValue,
        ]
        return Self.bounded(parts.compactMap { $0 }.joined(separator: "/"))
    }

    /// The maximum length of a key in bytes.
    private static let keyLimit = 255

    /// A text of limited length, with a checksum for the rest.
    private static func bounded(_ text: String) -> String {
        guard text.utf8.count > keyLimit else { return text }
        return "\(text.cut(to: keyLimit - 20))#\(String(text.checksum, radix: 16))"
    }
}
