internal import System

/// How long an alert has been undelivered.
///
/// The age is measured by the clock that counts from the boot, not as a difference of dates,
/// because a host without a battery starts with a wrong date. Of the time before an earlier boot,
/// only the recorded part counts.
public struct SpoolAge: Hashable, Sendable {
    /// The boot from which the clock counts.
    let boot: String

    /// The start of the measurement, in seconds since that boot.
    let begin: Int

    /// The age at the start of the measurement, in seconds.
    let before: Int

    /// Creates the age of a new alert.
    ///
    /// - Parameter now: The current time.
    init(at now: Instant) {
        self.init(
            boot: BootIdentity.current, begin: Int(now.sinceBoot.components.seconds), before: 0)
    }

    init(boot: String, begin: Int, before: Int) {
        self.boot = boot
        self.begin = begin
        self.before = before
    }

    /// The same age, measured from this boot.
    ///
    /// - Parameter now: The current time.
    /// - Returns: The age; unchanged if it was measured in this boot.
    func continued(at now: Instant) -> SpoolAge {
        let present = Int(now.sinceBoot.components.seconds)
        guard boot == BootIdentity.current && !boot.isEmpty, begin <= present else {
            return SpoolAge(boot: BootIdentity.current, begin: present, before: before)
        }
        return self
    }

    /// The age at a time of this boot, in seconds.
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
        // A century exceeds any age, and avoids overflows.
        guard fields.count == 3, let boot = fields.first, numbers.count == 2,
            numbers.allSatisfy({ (0...3_155_760_000).contains($0) })
        else { return nil }
        self.init(boot: boot, begin: numbers[0], before: numbers[1])
    }
}
