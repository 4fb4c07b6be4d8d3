internal import Alerting
internal import System
internal import Text

/// Decides which alerts are sent at once, and which are counted and reported together later.
///
/// Each process or URL has its own limit, so that a loop does not hide the alerts about another
/// one. The listener as a whole has a limit, too; there, the first alert about each topic counts
/// separately from all others, so that many loops do not hide a new topic either.
struct FloodLimit {
    /// The limit for each topic; nil for none.
    let rate: AlertRate?

    /// How long repeated alerts about a topic are counted after one was sent; replaces the rate.
    let cooldown: Duration?

    /// Creates a limit.
    ///
    /// - Parameters:
    ///   - rate: The limit for each topic, of which the listener as a whole has ten times as many
    ///     alerts; nil for none.
    ///   - cooldown: The cooldown of each topic, which replaces the rate; nil for none.
    init(_ rate: AlertRate?, cooldown: Duration? = nil) {
        self.rate = rate
        self.cooldown = cooldown
    }

    /// Why an alert is counted rather than sent.
    enum Reason: Hashable {
        /// The topic has had its alerts.
        case topic
        /// The listener has sent its alerts.
        case listener
    }

    /// Identifies counted incidents.
    struct Key: Hashable {
        /// The topic whose cooldown they wait for; nil if they are in the listener's summary.
        let cooldown: AlertTopic?
        let topic: AlertTopic
        let kind: Incident.Kind
    }

    /// The incidents of one summary, in order.
    typealias Summary = [(key: Key, incidents: RepeatedIncident)]

    /// What is in the listener's summary, or waits for a cooldown.
    private struct Group {
        var incidents: [Key: RepeatedIncident] = [:]
        var begin: Instant
        var latest: Instant
    }

    private var sent: [AlertTopic: [Instant]] = [:]
    private var cooldowns: [AlertTopic: Instant] = [:]
    /// When the listener has last alerted about each topic.
    private var known: [AlertTopic: Instant] = [:]
    /// When it has sent alerts about new topics.
    private var first: [Instant] = []
    /// When it has sent alerts that contradict an earlier one about the same topic.
    private var contradicting: [Instant] = []
    /// When it has sent further alerts about them.
    private var repeated: [Instant] = []
    private var groups: [AlertTopic?: Group] = [:]
    /// When summaries have last reported each topic, within the period.
    private var summaries: [AlertTopic: Instant] = [:]
    /// Whether the last incident of each topic has left it down.
    private var downs: [AlertTopic: Bool] = [:]
    /// When alerts about worse incidents were sent beyond the limit.
    private var worse: [AlertTopic: [Instant]] = [:]
    /// The topics that were reported as recovered, and have had no alert since, with whether an
    /// incident is counted since.
    private var recovered: [AlertTopic: Bool] = [:]
    /// Those of the ``known`` ones about which the listener's last alert says that all is well.
    private var well: Set<AlertTopic> = []
    /// When alerts that followed a recovery were sent beyond the limit.
    private var returns: [AlertTopic: [Instant]] = [:]

    // MARK: Decisions

    /// Decides about an alert by its topic, and takes note of it.
    ///
    /// - Parameters:
    ///   - topic: The topic.
    ///   - now: The current time.
    /// - Returns: Whether it may be sent; otherwise ``count(_:because:at:)`` it.
    mutating func admits(_ topic: AlertTopic, at now: Instant) -> Bool {
        guard hasRoom(for: topic, at: now) || admitsReturn(of: topic, at: now) else {
            return false
        }
        recovered[topic] = nil
        if let cooldown {
            if cooldown > .zero { cooldowns[topic] = now + cooldown }
        } else if rate != nil {
            sent[topic] = recent(sent[topic] ?? [], at: now) + [now]
        }
        if max(sent.count, cooldowns.count) > Self.mostTopics { forgetOld(at: now) }
        return true
    }

    /// Whether another alert about a topic is within its limit.
    private func hasRoom(for topic: AlertTopic, at now: Instant) -> Bool {
        if cooldown != nil {
            guard let end = cooldowns[topic] else { return true }
            return now >= end && groups[topic] == nil
        }
        guard let rate else { return true }
        // What is counted is reported first.
        return !isCounted(topic) && recent(sent[topic] ?? [], at: now).count < rate.count
    }

    // MARK: Recoveries

    /// Takes note of an alert that says that a topic has recovered.
    ///
    /// What happens to it from now on is news: otherwise that all is well would be the last word
    /// about something that is down.
    ///
    /// - Parameter topic: The topic.
    mutating func noteRecovery(of topic: AlertTopic) {
        guard rate != nil || cooldown != nil else { return }
        if recovered.count > Self.mostTopics { recovered = [:] }
        recovered[topic] = false
        worse[topic] = nil
        if known[topic] != nil { well.insert(topic) }
    }

    /// Decides about the first alert since a recovery, beyond the limit of its topic.
    ///
    /// That has a limit of its own: a program that goes up and down all day is a loop, too.
    private mutating func admitsReturn(of topic: AlertTopic, at now: Instant) -> Bool {
        guard recovered[topic] != nil, !isCounted(topic) else { return false }
        guard let rate else { return true }
        let recent = recent(returns[topic] ?? [], at: now)
        guard recent.count < rate.count else { return false }
        returns[topic] = recent + [now]
        return true
    }

    // MARK: Worse incidents

    /// Decides about an alert that something worse has happened.
    ///
    /// A program that crashed again and again, and was restarted each time, may be FATAL now. That
    /// has a limit of its own, so that the last word about the program is not that it runs.
    ///
    /// - Parameters:
    ///   - incident: The incident.
    ///   - now: The current time.
    /// - Returns: Whether it is worse, and may be sent whatever the limits.
    mutating func admitsWorse(_ incident: Incident, at now: Instant) -> Bool {
        let topic = AlertTopic(incident)
        if downs.count > Self.mostTopics { downs = [:] }
        let wasDown = downs.updateValue(incident.hasLeftDown, forKey: topic)
        guard incident.hasLeftDown, wasDown == false, let period = cooldown ?? rate?.period else {
            return false
        }
        let count = cooldown == nil ? rate?.count ?? 1 : 1
        let recent = (worse[topic] ?? []).filter { now - $0 < period }
        guard recent.count < count else { return false }
        worse[topic] = recent + [now]
        return true
    }

    private func isCounted(_ topic: AlertTopic) -> Bool {
        groups.values.contains { $0.incidents.keys.contains { $0.topic == topic } }
    }

    /// Decides about an alert by all that the listener sends, and takes note of it.
    ///
    /// The first alert about a topic has room whatever else was sent. What contradicts the last
    /// word about a topic has room of its own: otherwise loops would hide it, and topics that go up
    /// and down would hide the first alert about another one.
    ///
    /// - Parameters:
    ///   - topics: The topics; at least one.
    ///   - isWorse: Whether it says that something worse has happened.
    ///   - now: The current time.
    /// - Returns: Whether it may be sent.
    mutating func admitsFromListener(
        _ topics: Set<AlertTopic>, isWorse: Bool = false, at now: Instant
    ) -> Bool {
        guard let limit = rate?.forListener else { return true }
        first = recent(first, at: now)
        contradicting = recent(contradicting, at: now)
        repeated = recent(repeated, at: now)
        known = known.filter { now - $0.value < limit.period }
        well = well.filter { known[$0] != nil }
        if !topics.allSatisfy({ known[$0] != nil }) {
            guard first.count < limit.count else { return false }
            first.append(now)
        } else if isWorse || !well.isDisjoint(with: topics) {
            guard contradicting.count < limit.count else { return false }
            contradicting.append(now)
        } else {
            let all = first.count + contradicting.count + repeated.count
            guard all < limit.count else { return false }
            repeated.append(now)
        }
        for topic in topics { known[topic] = now }
        well.subtract(topics)
        return true
    }

    private func recent(_ times: [Instant], at now: Instant) -> [Instant] {
        guard let rate else { return [] }
        return times.filter { now - $0 < rate.period }
    }

    /// Topics are forgotten only when there are many.
    private static let mostTopics = 1_024

    private mutating func forgetOld(at now: Instant) {
        sent = sent.filter { !recent($0.value, at: now).isEmpty }
        worse = worse.filter { sent[$0.key] != nil || cooldowns[$0.key] != nil }
        returns = returns.filter { !recent($0.value, at: now).isEmpty }
        cooldowns = cooldowns.filter { $0.value > now || groups[$0.key] != nil }
    }

    // MARK: Counting

    /// Counts an incident that is not reported at once.
    ///
    /// - Parameters:
    ///   - incident: The incident, counted once.
    ///   - reason: Why it is counted.
    ///   - now: The current time.
    /// - Returns: Its key, and all incidents with that key.
    mutating func count(
        _ incident: RepeatedIncident, because reason: Reason, at now: Instant
    ) -> (key: Key, incidents: RepeatedIncident) {
        let topic = AlertTopic(incident.latest)
        // The last alert says that it has recovered: that must not wait for a cooldown of a day.
        let waits = reason == .topic && cooldown != nil && recovered[topic] == nil
        if recovered[topic] != nil { recovered[topic] = true }
        let key = Key(
            cooldown: waits ? topic : nil, topic: topic, kind: incident.latest.kind)
        return (key, add(incident, as: key, at: now))
    }

    /// Restores incidents that an earlier run has counted.
    ///
    /// - Parameters:
    ///   - incidents: The incidents.
    ///   - now: The current time, when the period begins.
    ///   - time: The same as a time of day.
    /// - Returns: Their key, and all incidents with that key.
    mutating func restore(
        _ incidents: RepeatedIncident, at now: Instant, _ time: Timestamp
    ) -> (key: Key, incidents: RepeatedIncident) {
        let topic = AlertTopic(incidents.latest)
        downs[topic] = incidents.latest.hasLeftDown
        // The cooldown began before the first one, however often the listener has started since.
        if let cooldown, cooldowns[topic] == nil {
            let age = Duration.seconds(
                max(0, time.seconds.subtractingSaturated(incidents.first.seconds)))
            cooldowns[topic] = now + max(.zero, cooldown - min(age, cooldown))
        }
        let waits = cooldown != nil && incidents.waitsForCooldown
        // What follows is in the listener's summary, too, as it was in the earlier run.
        if cooldown != nil, !waits { recovered[topic] = true }
        let key = Key(
            cooldown: waits ? topic : nil, topic: topic, kind: incidents.latest.kind)
        return (key, add(incidents, as: key, at: now))
    }

    private mutating func add(
        _ incidents: RepeatedIncident, as key: Key, at now: Instant
    ) -> RepeatedIncident {
        var all = groups[key.cooldown]?.incidents[key]
        all?.add(incidents)
        var sum = all ?? incidents
        sum.waitsForCooldown = key.cooldown != nil
        groups[key.cooldown, default: Group(begin: now, latest: now)].incidents[key] = sum
        groups[key.cooldown]?.latest = now
        return sum
    }

    /// Forgets mails that turned out not to be sent.
    ///
    /// - Parameter alerts: The alerts.
    /// - Returns: The counted incidents whose first mail one of them was, without it.
    mutating func forget(
        _ alerts: Set<Alert.Identity>
    ) -> [(key: Key, incidents: RepeatedIncident)] {
        var changed: [(key: Key, incidents: RepeatedIncident)] = []
        for (name, group) in groups {
            for (key, var incidents) in group.incidents {
                guard let start = incidents.start, alerts.contains(start.identity) else { continue }
                incidents.start = nil
                groups[name]?.incidents[key] = incidents
                changed.append((key, incidents))
            }
        }
        return changed
    }

    /// How many incidents are counted for a summary.
    var count: Int {
        groups.values.flatMap(\.incidents.values).reduce(0) { $0.addingSaturated($1.count) }
    }

    // MARK: Summaries

    /// When the next summary is due; nil if nothing is counted.
    var next: Instant? {
        groups.compactMap { due($0.value, of: $0.key) }.min()
    }

    /// When a summary is due: at the end of the period after the first counted incident, or after a
    /// fifth of it without another one; or at the end of the cooldown.
    ///
    /// A process that dies less often than in each fifth of the period would have a summary for
    /// each crash: only one in a period is early.
    private func due(_ group: Group, of cooldown: AlertTopic?) -> Instant {
        if let cooldown { return cooldowns[cooldown] ?? group.begin }
        guard let rate else { return group.begin }
        let end = group.begin + rate.period
        let hasSummary = group.incidents.keys.contains { key in
            summaries[key.topic].map { group.begin - $0 < rate.period } ?? false
        }
        return hasSummary ? end : min(end, group.latest + rate.period / Self.quietPart)
    }

    /// The part of the period without incidents after which a summary is due.
    private static let quietPart = 5

    /// Removes the summaries that are due.
    ///
    /// - Parameter now: The current time.
    /// - Returns: The summaries.
    mutating func takeDue(at now: Instant) -> [Summary] {
        let due = groups.filter { self.due($0.value, of: $0.key) <= now }
        let summaries = due.map { topic, group in
            groups[topic] = nil
            noteReport(of: group)
            if let topic, let cooldown {
                // The summary is an alert, which begins the next cooldown.
                cooldowns[topic] = now + cooldown
            } else if let rate {
                note(group, rate, at: now)
            }
            return Self.sorted(group)
        }
        return Self.sorted(summaries)
    }

    /// Takes note that counted incidents are reported: that all is well is no longer the last word,
    /// unless the topic has recovered since they were counted.
    private mutating func noteReport(of group: Group) {
        for key in group.incidents.keys where recovered[key.topic] == true {
            recovered[key.topic] = nil
            well.remove(key.topic)
        }
    }

    /// Takes note of a summary.
    private mutating func note(_ group: Group, _ rate: AlertRate, at now: Instant) {
        summaries = summaries.filter { now - $0.value < rate.period }
        for key in group.incidents.keys { summaries[key.topic] = now }
        guard now - group.latest < rate.period / Self.quietPart else { return }
        // A loop that goes on has one summary in each period, and no other alerts.
        for (key, incidents) in group.incidents where incidents.count >= rate.count {
            sent[key.topic] = Array(repeating: now, count: rate.count)
        }
    }

    /// Removes what is counted about a topic, because it is to be reported now.
    ///
    /// - Parameter topic: The topic.
    /// - Returns: The incidents; none if nothing is counted.
    mutating func take(_ topic: AlertTopic) -> Summary {
        var taken = Group(begin: .now, latest: .now)
        for (name, group) in groups {
            let own = group.incidents.filter { $0.key.topic == topic }
            guard !own.isEmpty else { continue }
            taken.incidents.merge(own) { $1 }
            for key in own.keys { groups[name]?.incidents[key] = nil }
            if groups[name]?.incidents.isEmpty == true { groups[name] = nil }
        }
        return Self.sorted(taken)
    }

    /// Removes everything that is counted, before the program exits.
    mutating func takeAll() -> [Summary] {
        defer { groups = [:] }
        return Self.sorted(groups.values.map(Self.sorted))
    }

    /// The summaries in order of time, and at the same time by name.
    private static func sorted(_ summaries: [Summary]) -> [Summary] {
        summaries.sorted { left, right in
            guard let left = left.first, let right = right.first else { return false }
            return (left.incidents.first, left.key.topic.description)
                < (right.incidents.first, right.key.topic.description)
        }
    }

    private static func sorted(_ group: Group) -> Summary {
        group.incidents.sorted { left, right in
            (left.value.first, left.key.topic.description)
                < (right.value.first, right.key.topic.description)
        }.map { ($0.key, $0.value) }
    }
}

extension Incident {
    /// Whether its process is down now, and nothing but the listener starts it again.
    var hasLeftDown: Bool {
        guard kind != .fatal else { return true }
        guard let state = diagnostics?.state else { return false }
        return state.containsText(RestartOutcome.downWords)
    }
}
