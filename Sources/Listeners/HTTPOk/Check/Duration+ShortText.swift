// Formats durations.

extension Duration {
    /// The duration in milliseconds, rounded.
    var milliseconds: Int { Int((self / .milliseconds(1)).rounded()) }

    /// The duration as `250 ms`, `1.5 s`, `30 s`.
    var shortText: String {
        guard self >= .seconds(1) else { return "\(milliseconds) ms" }
        let tenths = Int((self / .milliseconds(100)).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10) s" : "\(tenths / 10).\(tenths % 10) s"
    }
}
