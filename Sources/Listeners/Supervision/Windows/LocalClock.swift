internal import Glibc

/// Local wall-clock time; tests can use another time zone.
struct LocalClock: Sendable {
    /// The offset of local time from UTC in seconds, at a time in seconds since 1970.
    let offset: @Sendable (Int) -> Int

    /// The clock of the host.
    ///
    /// The corresponding C function is `localtime_r`.
    static let system = LocalClock { seconds in
        var time = time_t(seconds)
        var local = unsafe tm()
        guard unsafe localtime_r(&time, &local) != nil else { return 0 }
        return unsafe local.tm_gmtoff
    }

    /// The number of the local day since 1970, and the minute in it.
    func dayAndMinute(at seconds: Int) -> (day: Int, minute: Int) {
        let local = seconds + offset(seconds)
        let day = (Double(local) / 86_400).rounded(.down)
        return (Int(day), (local - Int(day) * 86_400) / 60)
    }

    /// Returns when the clock first and last shows a time.
    ///
    /// If clocks are set forward, it may never show the time; then it is the time of that change.
    ///
    /// - Parameters:
    ///   - minute: The minute of the day, 0...1440.
    ///   - day: The number of the day since 1970.
    /// - Returns: Both times, in seconds since 1970.
    func moments(of minute: Int, on day: Int) -> (first: Int, last: Int) {
        let local = day * 86_400 + minute * 60
        let guesses = [offset(local - 86_400), offset(local + 86_400)].map { local - $0 }
        let moments = guesses.filter { $0 + offset($0) == local }
        if let first = moments.min(), let last = moments.max() { return (first, last) }
        let change = change(between: local - 172_800, and: local + 172_800)
        return (change, change)
    }

    /// The time at which clocks are set; the end if they are not set between both times.
    func change(between start: Int, and end: Int) -> Int {
        var (before, after) = (start, end)
        let old = offset(before)
        while after - before > 1 {
            let middle = before + (after - before) / 2
            if offset(middle) == old { before = middle } else { after = middle }
        }
        return after
    }
}
