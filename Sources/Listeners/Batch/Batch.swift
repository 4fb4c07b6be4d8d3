// Messages that are told together, once their time has come.

internal import Alerting

/// Messages that are told together, once their time has come.
///
/// Time passes by ticks, as in the original, whether there are messages or not.
struct Batch {
    /// How old it gets, in minutes.
    let interval: Double

    /// In seconds: sums of fractions of a minute miss the whole by a hair, and so a tick.
    private var age = 0
    private(set) var messages: [(text: String, time: Timestamp)] = []

    init(interval: Double) {
        self.interval = interval
    }

    /// Adds a message.
    mutating func add(_ text: String, at time: Timestamp) {
        messages.append((text, time))
    }

    /// Lets time pass.
    ///
    /// - Parameter seconds: How much.
    /// - Returns: Whether its time has come.
    mutating func pass(seconds: Int) -> Bool {
        age += seconds
        return Double(age) >= interval * 60
    }

    /// Starts anew.
    ///
    /// - Parameter subject: What the messages are about.
    /// - Returns: The messages as one alert; nothing if there are none.
    mutating func take(subject: String?) -> Alert? {
        defer {
            age = 0
            messages = []
        }
        guard let first = messages.first else { return nil }
        return Alert(
            subject: subject, body: messages.map(\.text).joined(separator: "\n"), time: first.time)
    }
}
