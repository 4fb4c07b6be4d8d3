internal import System

/// A point in time on both clocks: the monotonic one for measurements, and the wall clock for
/// windows and texts.
struct Moment: Hashable, Sendable {
    let instant: Instant
    let time: Timestamp

    /// The current time.
    static var now: Moment { Moment(instant: .now, time: .now) }

    /// The wall-clock time of another instant, assuming the clock is not set.
    func time(of other: Instant) -> Timestamp {
        let distance = (other - instant).components.seconds
        let sum = time.seconds.addingReportingOverflow(Int(distance))
        return Timestamp(seconds: sum.overflow ? time.seconds : sum.partialValue)
    }

    /// The time after a duration.
    static func + (moment: Moment, duration: Duration) -> Moment {
        let instant = moment.instant + duration
        return Moment(instant: instant, time: moment.time(of: instant))
    }
}

extension Instant {
    /// The instant before a duration.
    static func - (instant: Instant, duration: Duration) -> Instant {
        instant + (.zero - duration)
    }
}
