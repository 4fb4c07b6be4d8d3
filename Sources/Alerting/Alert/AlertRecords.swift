// Encodes alerts as records of text, for the spool and between processes.

internal import EventLoop
internal import ListenerProtocol
internal import System
internal import Text

extension Diagnostics {
    /// The diagnostics as records; unknown facts are omitted.
    public var records: [[String]] {
        var records: [[String]] = []
        func add(_ key: String, _ value: String?) {
            if let value { records.append([key, value]) }
        }
        add("host", host)
        add("supervisor", supervisor)
        add("occurred-at", occurredAt.map { String($0.seconds) })
        add("exit-status", exitStatus.map(String.init))
        add("signal", signal)
        add("state", state)
        add("oom-killer", oomKiller)
        add("uptime", uptime.map(String.init))
        add("deaths", deaths)
        add("spawn-error", spawnError)
        add("memory", memory)
        add("log-command", logCommand)
        add("log-absence", logAbsence)
        add("runbook", runbook)
        if let crashes { records.append(["crashes"] + crashes.fields) }
        for log in logs {
            records.append(["log", log.path, log.note ?? "", log.refusal ?? ""] + log.lines)
        }
        if !sections.isEmpty { records.append(["sections"] + sections) }
        return records
    }

    /// Parses records, ignoring those of other types.
    ///
    /// - Parameter records: The records.
    public init?(records: [[String]]) {
        self.init()
        for record in records where record.count > 1 {
            let value = record[1]
            switch record[0] {
            case "host": host = value
            case "supervisor": supervisor = value
            case "occurred-at": occurredAt = Int(value).map { Timestamp(seconds: $0) }
            case "exit-status": exitStatus = Int(value)
            case "signal": signal = value
            case "state": state = value
            case "oom-killer": oomKiller = value
            case "uptime": uptime = Int(value)
            case "deaths": deaths = value
            case "spawn-error": spawnError = value
            case "memory": memory = value
            case "log-command": logCommand = value
            case "log-absence": logAbsence = value
            case "runbook": runbook = value
            case "crashes": crashes = CrashCount(fields: record.dropFirst())
            case "log": logs += [LogExcerpt(fields: record.dropFirst())].compactMap { $0 }
            // The format of earlier versions, which may be in the spool.
            case "log-file": logs.append(LogExcerpt(value))
            case "log-tail":
                if let last = logs.indices.last { logs[last].lines = Array(record.dropFirst()) }
            case "sections": sections = Array(record.dropFirst())
            default: continue
            }
        }
        if self == Diagnostics() { return nil }
    }
}

extension LogExcerpt {
    /// Parses the fields of a record.
    fileprivate init?(fields: ArraySlice<String>) {
        guard fields.count >= 3 else { return nil }
        let fields = Array(fields)
        self.init(
            fields[0], lines: Array(fields.dropFirst(3)), note: fields[1].isEmpty ? nil : fields[1],
            refusal: fields[2].isEmpty ? nil : fields[2])
    }
}

extension Incident {
    /// The incident as records; the first one marks its beginning.
    var records: [[String]] {
        var records = [["incident", kind.rawValue, message] + time.fields]
        if let process {
            records.append([
                "process", process.group, process.name, pid.map(String.init) ?? "", fromState ?? "",
            ])
        }
        if !header.isEmpty {
            let tokens = header.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] }
            records.append(["header"] + tokens)
        }
        if let check { records.append(["check", check.url] + [check.name].compactMap { $0 }) }
        if let recovery { records.append(["recovery"] + recovery.fields) }
        if let since { records.append(["since"] + since.fields) }
        let words = [predicate, reason, notice]
        if words.contains(where: { $0 != nil }) {
            records.append(["headline"] + words.map { $0 ?? "" })
        }
        return records + (diagnostics?.records ?? [])
    }

    private static func header(in records: some Collection<[String]>) -> [String: String] {
        let tokens = Array((records.first { $0.first == "header" } ?? []).dropFirst())
        let places = stride(from: 0, to: tokens.count - 1, by: 2)
        let pairs = places.map { (tokens[$0], tokens[$0 + 1]) }
        return Dictionary(pairs) { $1 }
    }

    private static func recovery(in records: some Collection<[String]>) -> Recovery? {
        records.first { $0.first == "recovery" }.flatMap { Recovery(fields: $0.dropFirst()) }
    }

    /// Parses records that begin with an incident's.
    init?(records: some Collection<[String]>) {
        guard let first = records.first, first.count == 5, first[0] == "incident",
            let kind = Kind(rawValue: first[1]), let time = Timestamp(fields: first[3...])
        else { return nil }
        let process = records.first { $0.count == 5 && $0[0] == "process" }
        self.init(
            kind, at: time, to: process.map { ProcessName(group: $0[1], name: $0[2]) },
            pid: process.flatMap { Int($0[3]) },
            fromState: process.flatMap { $0[4].isEmpty ? nil : $0[4] }, message: first[2],
            diagnostics: Diagnostics(records: Array(records)),
            header: Self.header(in: records), recovery: Self.recovery(in: records))
        check = records.first { $0.first == "check" && [2, 3].contains($0.count) }.map {
            Check(url: $0[1], name: $0.count == 3 ? $0[2] : nil)
        }
        since = records.first { $0.first == "since" && $0.count == 3 }.flatMap {
            Timestamp(fields: $0.dropFirst())
        }
        let words = Array(records.first { $0.first == "headline" && $0.count == 4 } ?? [])
            .dropFirst().map { $0.isEmpty ? nil : $0 }
        guard words.count == 3 else { return }
        (predicate, reason, notice) = (words[0], words[1], words[2])
    }

    /// Parses all incidents in records.
    static func all(in records: [[String]]) -> [Incident] {
        records.indices.filter { records[$0].first == "incident" }.compactMap { start in
            let rest = records[start...]
            let end = rest.dropFirst().firstIndex { $0.first == "incident" } ?? rest.endIndex
            return Incident(records: rest[..<end])
        }
    }
}

extension Incident.Recovery {
    /// The recovery as fields of a record.
    fileprivate var fields: [String] {
        [kind.rawValue] + since.fields + (isForPeople ? ["people"] : [])
    }

    fileprivate init?(fields: ArraySlice<String>) {
        let fields = Array(fields)
        guard [3, 4].contains(fields.count), let kind = Incident.Kind(rawValue: fields[0]),
            let since = Timestamp(fields: fields[1...2])
        else { return nil }
        self.init(of: kind, since: since, isForPeople: fields.count == 4)
    }
}

extension CrashCount {
    /// The count as fields of a record.
    fileprivate var fields: [String] { ["\(number)", "\(period)", isMinimum ? "1" : "0"] }

    fileprivate init?(fields: ArraySlice<String>) {
        let numbers = fields.compactMap { Int($0) }
        guard fields.count == 3, numbers.count == 3 else { return nil }
        self.init(numbers[0], within: numbers[1], isMinimum: numbers[2] == 1)
    }
}

extension Alert {
    /// The alert as records.
    public var records: [[String]] {
        var records = [["time"] + time.fields, ["identity"] + identity.fields, bodyRecord]
        if let subject { records.append(["subject", subject]) }
        if date != time { records.append(["date"] + date.fields) }
        if let predecessor { records.append(["predecessor"] + predecessor.fields) }
        return records + incidents.flatMap(\.records)
    }

    /// Parses records.
    ///
    /// - Parameter records: The records.
    public init?(records: [[String]]) {
        func value(_ key: String) -> ArraySlice<String>? {
            records.first { $0.first == key }?.dropFirst()
        }
        let incidents = Incident.all(in: records)
        guard let time = value("time").flatMap(Timestamp.init(fields:)),
            let body = value("body")?.first
                ?? value("frame").flatMap({ Self.body(Array($0), around: incidents) }),
            let identity = value("identity").flatMap(Identity.init(fields:))
        else { return nil }
        self.init(
            subject: value("subject")?.first, body: body, time: time,
            date: value("date").flatMap(Timestamp.init(fields:)) ?? time, incidents: incidents,
            identity: identity,
            predecessor: value("predecessor").flatMap(Identity.init(fields:)))
    }

    // MARK: The body

    /// The body as a record: the text around the incidents, whose own texts are in their records.
    ///
    /// `text` or `message` marks the place of each. A body without these texts is recorded in full.
    private var bodyRecord: [String] {
        var fields = ["frame"]
        var rest = body[...]
        for incident in incidents {
            guard let (part, place) = Self.part(of: incident, in: rest) else {
                return ["body", body]
            }
            fields += [String(rest[..<place.lowerBound]), part]
            rest = rest[place.upperBound...]
        }
        return incidents.isEmpty ? ["body", body] : fields + [String(rest)]
    }

    private static func part(
        of incident: Incident, in text: Substring
    ) -> (name: String, place: Range<String.Index>)? {
        let parts = [("text", incident.text), ("message", incident.message)]
        for (name, part) in parts {
            if let place = text.firstRange(ofText: part.withVisibleControls) {
                return (name, place)
            }
        }
        return nil
    }

    /// The body, composed of the recorded text and the texts of the incidents.
    private static func body(_ fields: [String], around incidents: [Incident]) -> String? {
        guard fields.count == 2 * incidents.count + 1 else { return nil }
        var body = ""
        for (number, incident) in incidents.enumerated() {
            let isWhole = fields[2 * number + 1] == "text"
            let text = isWhole ? incident.text : incident.message
            body += fields[2 * number] + text.withVisibleControls
        }
        return body + (fields.last ?? "")
    }
}

extension Timestamp {
    /// The time as fields of a record.
    package var fields: [String] { ["\(seconds)", "\(milliseconds)"] }

    /// Parses fields of a record; nil if they are no time that this program can calculate with.
    package init?(fields: ArraySlice<String>) {
        let numbers = fields.compactMap { Int($0) }
        guard numbers.count == 2, Timestamp.range.contains(numbers[0]),
            (0...999).contains(numbers[1])
        else { return nil }
        self.init(seconds: numbers[0], milliseconds: numbers[1])
    }
}

extension Alert.Identity {
    /// The identity as fields of a record.
    var fields: [String] { ["\(seconds)", "\(number)"] }

    /// Parses fields of a record.
    init?(fields: ArraySlice<String>) {
        guard fields.count == 2, let seconds = fields.first.flatMap({ Int($0) }),
            let number = fields.last.flatMap({ UInt64($0) })
        else { return nil }
        self.init(seconds: seconds, number: number)
    }
}
