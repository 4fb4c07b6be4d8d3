/// How often a process has crashed recently.
public struct CrashCount: Hashable, Sendable {
    /// The number of crashes, including the latest one.
    public let number: Int

    /// Within how many seconds they occurred.
    public let period: Int

    /// Whether older crashes are no longer counted, so that the number is a minimum.
    public let isMinimum: Bool

    /// Creates a count.
    ///
    /// - Parameters:
    ///   - number: The number of crashes, including the latest one.
    ///   - period: Within how many seconds they occurred.
    ///   - isMinimum: Whether the number is a minimum.
    public init(_ number: Int, within period: Int, isMinimum: Bool = false) {
        self.number = number
        self.period = period
        self.isMinimum = isMinimum
    }

    /// The count as a remark, such as `5th time in 1 h`; nil for the first crash.
    var remark: String? {
        guard number > 1 else { return nil }
        let time = Diagnostics.roughDuration(period)
        return isMinimum ? "over \(number) times in \(time)" : "\(ordinal) time in \(time)"
    }

    private var ordinal: String {
        let suffix =
            switch (number % 100, number % 10) {
            case (11...13, _): "th"
            case (_, 1): "st"
            case (_, 2): "nd"
            case (_, 3): "rd"
            default: "th"
            }
        return "\(number)\(suffix)"
    }
}
