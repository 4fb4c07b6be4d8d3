internal import ListenerProtocol

/// What alerts have in common that must arrive in order.
///
/// In a chat, the last message is the last word: a crash below its recovery, or below a later crash,
/// says something that is no longer true.
enum OrderKey: Hashable {
    /// The first mail of their thread.
    case thread(Alert.Identity)
    /// A process.
    case process(ProcessName)
    /// A check of a URL.
    case check(Incident.Check)

    /// The keys of an alert.
    static func all(of alert: Alert) -> Set<OrderKey> {
        var keys: Set<OrderKey> = [.thread(alert.predecessor ?? alert.identity)]
        for incident in alert.incidents {
            if let process = incident.process { keys.insert(.process(process)) }
            if let check = incident.check { keys.insert(.check(check)) }
        }
        return keys
    }
}
