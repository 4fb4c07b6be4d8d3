// A moment on both clocks.

internal import System

/// A moment on both clocks: the one that never jumps, by which everything is measured, and the one
/// on the wall, for windows and for texts.
struct Moment: Hashable, Sendable {
    let instant: Instant
    let time: Timestamp

    /// The present moment.
    static var now: Moment { Moment(instant: .now, time: .now) }

    /// What the wall clock shows, or showed, at another moment, if nobody sets it.
    func time(of other: Instant) -> Timestamp {
        let distance = (other - instant).components.seconds
        let sum = time.seconds.addingReportingOverflow(Int(distance))
        return Timestamp(seconds: sum.overflow ? time.seconds : sum.partialValue)
    }

    /// The moment a while later.
    static func + (moment: Moment, duration: Duration) -> Moment {
        let instant = moment.instant + duration
        return Moment(instant: instant, time: moment.time(of: instant))
    }
}

extension Instant {
    /// The moment a while before another one.
    static func - (instant: Instant, duration: Duration) -> Instant {
        instant + (.zero - duration)
    }
}
