internal import System

/// For how long an alert has been undelivered.
///
/// It is measured by the clock that counts from the boot, never by the difference of two dates: a
/// machine without a battery believes that it is 1970 until somebody tells it better. Of the time
/// before an earlier boot only what was noted is known.
public struct SpoolAge: Hashable, Sendable {
    /// The boot from which the clock counts.
    let boot: String

    /// When the count began, in seconds since that boot.
    let begin: Int

    /// The age at that moment, in seconds.
    let before: Int

    /// The age of an alert that is new.
    ///
    /// - Parameter now: The present moment.
    init(at now: Instant) {
        self.init(
            boot: BootIdentity.current, begin: Int(now.sinceBoot.components.seconds), before: 0)
    }

    init(boot: String, begin: Int, before: Int) {
        self.boot = boot
        self.begin = begin
        self.before = before
    }

    /// The same age, counted from this boot.
    ///
    /// - Parameter now: The present moment.
    /// - Returns: The age; itself if this boot is its own.
    func continued(at now: Instant) -> SpoolAge {
        let present = Int(now.sinceBoot.components.seconds)
        guard boot == BootIdentity.current && !boot.isEmpty, begin <= present else {
            return SpoolAge(boot: BootIdentity.current, begin: present, before: before)
        }
        return self
    }

    /// The age at a moment of this boot, in seconds.
    func seconds(at now: Instant) -> Int {
        before &+ (Int(now.sinceBoot.components.seconds) &- begin)
    }
}

extension SpoolAge {
    /// The age as fields of a record.
    var fields: [String] { [boot, "\(begin)", "\(before)"] }

    /// Reads the fields of a record.
    init?(fields: ArraySlice<String>) {
        let numbers = fields.dropFirst().compactMap { Int($0) }
        // A century is more than any age, and leaves room to count on.
        guard fields.count == 3, let boot = fields.first, numbers.count == 2,
            numbers.allSatisfy({ (0...3_155_760_000).contains($0) })
        else { return nil }
        self.init(boot: boot, begin: numbers[0], before: numbers[1])
    }
}
