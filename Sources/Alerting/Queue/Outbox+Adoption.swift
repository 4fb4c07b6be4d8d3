// The alerts of earlier runs in the spool.

internal import System

extension Outbox {
    /// The minimum number of spooled alerts to keep in memory for each channel.
    private static let window = Digest.capacity

    /// The numbers of alerts from the spool, which are older than all others.
    private static let firstNumber = -1_000_000_000_000

    /// Takes over alerts of an earlier run from the spool.
    ///
    /// Each is read shortly before its delivery.
    ///
    /// - Parameter keys: Their keys, in order of age.
    public func adopt(_ keys: [Spool.Key]) {
        backlog.add(keys)
    }

    /// Reads alerts up to the limit of each channel.
    func refill(at now: Instant) {
        for channel in channels where backlog.hasUnread(channel.identity) {
            var wanted = Self.window - waiting(for: channel, at: now)
            while wanted > 0, let (key, place) = backlog.next(for: channel.identity) {
                if read(key, place, for: channel, at: now) { wanted -= 1 }
            }
        }
        makeRoom()
    }

    /// The number of alerts of a channel that can be sent or are being sent; if its queues are
    /// closed, the number of waiting alerts.
    private func waiting(for channel: any Channel, at now: Instant) -> Int {
        let queues = queues.filter { $0.channel.identity == channel.identity }
        // Targets that fail do not delay alerts to the others.
        let isOpen = !queues.contains { $0.targets == channel.targets && $0.isClosed(at: now) }
        return queues.filter { !isOpen || !$0.isClosed(at: now) }
            .reduce(underwayCount(of: channel)) { $0 + $1.waiting.count }
    }

    /// The number of alerts of a channel that are being sent and may return to the queue.
    private func underwayCount(of channel: any Channel) -> Int {
        underway.values.filter { $0.queue.channel.identity == channel.identity }
            .reduce(0) { $0 + $1.entries.count }
    }

    /// Reads one alert for a channel.
    ///
    /// - Returns: Whether the channel must deliver it.
    private func read(
        _ key: Spool.Key, _ place: Int, for channel: any Channel, at now: Instant
    ) -> Bool {
        guard let pending = known(key) ?? adopted(key, at: now),
            pending.remaining[channel.identity] != nil
        else { return false }
        add(pending, number: Self.firstNumber + place, to: channel, isLate: true)
        return true
    }

    private func adopted(_ key: Spool.Key, at now: Instant) -> PendingAlert? {
        guard let spool, let content = spool.content(key) else { return nil }
        guard case .alert(let spooled) = content else {
            onOtherContent(content, key)
            return nil
        }
        guard let pending = adopted(spooled, key, at: now) else { return nil }
        remember(pending)
        onAdoption(spooled.alert)
        return pending
    }

    /// A stored alert with its remaining recipients; nil if it has none any more.
    func adopted(
        _ spooled: SpooledAlert, _ key: Spool.Key, at now: Instant, isHeld: Bool = false
    ) -> PendingAlert? {
        guard let spool else { return nil }
        let pending = PendingAlert(
            spooled, remaining: remaining(spooled), spool: spool, key: key, at: now,
            isHeld: isHeld)
        return pending.isKept ? pending : nil
    }

    /// The remaining recipients of an alert by the channels of this run, which may differ.
    private func remaining(_ spooled: SpooledAlert) -> [String: [String]] {
        var remaining: [String: [String]] = [:]
        var lost = spooled.remaining.isEmpty ? [""] : []
        for (name, targets) in spooled.remaining {
            guard let channel = channel(name) else {
                lost.append(name)
                continue
            }
            let finished = spooled.finished[name] ?? []
            // Alerts to an address that is no longer configured are sent to the new addresses.
            let isMoved = !targets.allSatisfy(channel.targets.contains)
            let rest = channel.targets.filter { target in
                targets.contains(target) || (isMoved && !finished.contains(target))
            }
            if !rest.isEmpty { remaining[channel.identity] = rest }
        }
        for channel in replacements(of: lost, in: spooled, remaining) {
            remaining[channel.identity] = channel.targets
        }
        return remaining
    }

    private func channel(_ name: String) -> (any Channel)? {
        channels.first { $0.identity == name } ?? channels.first { $0.name == name }
    }

    /// The channels that replace channels that are no longer configured: new ones of the same kind,
    /// otherwise any new ones, otherwise all, unless a target has received the alert.
    ///
    /// Among them are only those that get such an alert now, unless none does.
    private func replacements(
        of lost: [String], in spooled: SpooledAlert, _ remaining: [String: [String]]
    ) -> [any Channel] {
        guard !lost.isEmpty else { return [] }
        let incidents = spooled.alert.effectiveIncidents
        let concerned = channels.filter { incidents.contains(where: $0.concerns) }
        let channels = concerned.isEmpty ? channels : concerned
        let new = channels.filter { channel in
            ![channel.identity, channel.name].contains {
                spooled.remaining[$0] != nil || spooled.finished[$0] != nil
            }
        }
        let kinds = Set(lost.map(Self.kind))
        let same = new.filter { kinds.contains(Self.kind($0.identity)) }
        if !new.isEmpty { return same.isEmpty ? new : same }
        return remaining.isEmpty && spooled.finished.isEmpty ? channels : []
    }

    /// The kind of a channel, by its identity.
    private static func kind(_ identity: String) -> String {
        let kind = String(identity.prefix { $0 != "#" && $0 != " " })
        return ["SMTP", "sendmail"].contains(kind) ? "mail" : kind
    }
}
