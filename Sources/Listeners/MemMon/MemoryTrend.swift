internal import System

/// The steady growth of a process: the straight line that fits its samples best (least squares).
struct MemoryTrend {
    /// The growth in bytes per second.
    private let growth: Double
    private let last: Int

    /// The minimum number of samples.
    private static let leastSamples = 5

    /// The minimum coefficient of determination of the line.
    private static let leastFit = 0.8

    /// The longest forecast in seconds.
    private static let horizon = 7.0 * 86_400

    /// Determines the trend; nil if the samples show none.
    init?(_ samples: [MemoryHistory.Sample]) {
        guard samples.count >= Self.leastSamples, let first = samples.first, let last = samples.last
        else { return nil }
        let times = samples.map { Double($0.time.seconds - first.time.seconds) }
        let sizes = samples.map { Double($0.size) }
        let (time, size) = (Self.mean(times), Self.mean(sizes))
        let spread = Self.mean(times.map { ($0 - time) * ($0 - time) })
        let variance = Self.mean(sizes.map { ($0 - size) * ($0 - size) })
        let common = Self.mean(zip(times, sizes).map { ($0 - time) * ($1 - size) })
        // The clock may have been set back.
        guard spread > 0, variance > 0, common > 0,
            common * common / (spread * variance) >= Self.leastFit
        else { return nil }
        growth = common / spread
        self.last = last.size
    }

    /// The number of seconds until the limit is reached; nil if it is exceeded already, or too far
    /// away.
    func seconds(to limit: Int) -> Int? {
        guard last <= limit else { return nil }
        let seconds = (Double(limit) - Double(last)) / growth
        return seconds <= Self.horizon ? Int(seconds.rounded()) : nil
    }

    /// The forecast in a line, such as `at this rate the limit in about 3 h`.
    func text(to limit: Int) -> String? {
        seconds(to: limit).map { "at this rate the limit in about \(Self.rough($0))" }
    }

    /// A duration in one unit, because a forecast is not precise.
    private static func rough(_ seconds: Int) -> String {
        let units = [("d", 86_400), ("h", 3_600)]
        let (name, length) = units.first { seconds >= $0.1 * 3 / 2 } ?? ("min", 60)
        return "\(max(1, (seconds + length / 2) / length)) \(name)"
    }

    private static func mean(_ numbers: [Double]) -> Double {
        numbers.reduce(0, +) / Double(numbers.count)
    }
}
