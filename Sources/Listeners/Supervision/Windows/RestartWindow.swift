internal import System

/// The times at which restarts are allowed, in local time.
struct RestartWindow: Hashable, Sendable {
    /// The same hours on some days of the week.
    struct Hours: Hashable, Sendable {
        /// The days, 0 for Sunday.
        ///
        /// If the hours extend past midnight, it is the day of their start.
        let days: Set<Int>
        /// The first minute of the day.
        let begin: Int
        /// The minute of the day of the end, 1440 for midnight; on the next day if it is not after
        /// the first minute.
        let end: Int

        /// Whether they include a minute of a day, which is numbered since 1970.
        func contain(_ minute: Int, on day: Int) -> Bool {
            guard end <= begin else { return isOn(day) && (begin..<end).contains(minute) }
            return isOn(day) && minute >= begin || isOn(day - 1) && minute < end
        }

        /// Whether they begin on a day.
        func isOn(_ day: Int) -> Bool {
            // The first of January 1970 was a Thursday.
            days.contains(((day + 4) % 7 + 7) % 7)
        }
    }

    let hours: [Hours]

    /// A period, in seconds since 1970.
    private struct Opening {
        let begin: Int
        let end: Int
        /// Whether the clock skips the hours, so that they are directly after the change.
        let isMoved: Bool
    }

    /// Whether restarts are allowed at a time: if the clock shows one of the hours, or directly after
    /// a change of the clock that skips them.
    func isOpen(at time: Timestamp, by clock: LocalClock = .system) -> Bool {
        let (day, minute) = clock.dayAndMinute(at: time.seconds)
        if hours.contains(where: { $0.contain(minute, on: day) }) { return true }
        return openings(around: time, by: clock).contains { opening in
            opening.isMoved && opening.begin <= time.seconds && time.seconds < opening.end
        }
    }

    /// Returns when restarts are allowed next.
    ///
    /// - Returns: The time itself if they are allowed.
    func opening(after time: Timestamp, by clock: LocalClock = .system) -> Timestamp {
        guard !isOpen(at: time, by: clock) else { return time }
        // A clock that is set back may show the hours again.
        let change = clock.change(between: time.seconds, and: time.seconds + 8 * 86_400)
        let begins = openings(around: time, by: clock).map(\.begin)
        let next = (begins + [change]).filter {
            $0 > time.seconds && isOpen(at: Timestamp(seconds: $0), by: clock)
        }.min()
        return next.map { Timestamp(seconds: $0) } ?? time
    }

    /// All openings from a day before to a week after; hours that the clock shows twice have two.
    private func openings(around time: Timestamp, by clock: LocalClock) -> [Opening] {
        let today = clock.dayAndMinute(at: time.seconds).day
        return (today - 1...today + 8).flatMap { day in
            hours.filter { $0.isOn(day) }.flatMap { Self.openings($0, on: day, by: clock) }
        }
    }

    private static func openings(
        _ hours: Hours, on day: Int, by clock: LocalClock
    ) -> [Opening] {
        let lasts = hours.end > hours.begin ? hours.end : hours.end + 1_440
        let begin = clock.moments(of: hours.begin, on: day)
        let end = clock.moments(of: lasts % 1_440, on: day + lasts / 1_440).last
        guard end > begin.first else {
            return [
                Opening(
                    begin: begin.first, end: begin.first + (lasts - hours.begin) * 60, isMoved: true
                )
            ]
        }
        return [begin.first, begin.last].map { Opening(begin: $0, end: end, isMoved: false) }
    }
}
