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
    }

    let hours: [Hours]

    /// A period, in seconds since 1970.
    private struct Opening {
        let begin: Int
        let end: Int
    }

    /// Whether restarts are allowed at a time.
    func isOpen(at time: Timestamp, by clock: LocalClock = .system) -> Bool {
        openings(around: time, by: clock).contains { opening in
            opening.begin <= time.seconds && time.seconds < opening.end
        }
    }

    /// Returns when restarts are allowed next.
    ///
    /// - Returns: The time itself if they are allowed.
    func opening(after time: Timestamp, by clock: LocalClock = .system) -> Timestamp {
        guard !isOpen(at: time, by: clock) else { return time }
        let next = openings(around: time, by: clock).map(\.begin).filter { $0 > time.seconds }.min()
        return next.map { Timestamp(seconds: $0) } ?? time
    }

    /// All openings from a day before to a week after.
    private func openings(around time: Timestamp, by clock: LocalClock) -> [Opening] {
        let today = clock.dayAndMinute(at: time.seconds).day
        return (today - 1...today + 8).flatMap { day in
            // The first of January 1970 was a Thursday.
            let weekday = ((day + 4) % 7 + 7) % 7
            return hours.filter { $0.days.contains(weekday) }.map { hours in
                Self.opening(hours, on: day, by: clock)
            }
        }
    }

    private static func opening(_ hours: Hours, on day: Int, by clock: LocalClock) -> Opening {
        let lasts = hours.end > hours.begin ? hours.end : hours.end + 1_440
        let begin = clock.moments(of: hours.begin, on: day).first
        let end = clock.moments(of: lasts % 1_440, on: day + lasts / 1_440).last
        // Hours that clocks skip are moved to directly after the change.
        return Opening(begin: begin, end: end > begin ? end : begin + (lasts - hours.begin) * 60)
    }
}
