/// How many alerts a template can include, determined from its tags.
enum TemplateCapacity: Equatable {
    /// All alerts: it has a section for `alerts`.
    case all
    /// As many as fit into a text of a number of bytes: it has `text` or `short`.
    case text(Int)
    /// One incident, or a list of many of a number of bytes: it has `overview`.
    case overview(Int)
    /// One incident.
    case one

    /// Determines the capacity from a template's tags (mustache(5)).
    init(of source: String) {
        let tags = Self.tags(in: source)
        if tags.contains("#alerts") {
            self = .all
        } else if tags.contains("short") {
            self = .text(AlertDocument.shortLimit)
        } else if tags.contains("text") {
            self = .text(AlertDocument.textLimit)
        } else if tags.contains("overview") {
            self = .overview(AlertDocument.textLimit)
        } else {
            self = .one
        }
    }

    private static func tags(in source: String) -> Set<String> {
        var tags: Set<String> = []
        var rest = source.utf8[...]
        while let begin = rest.firstIndex(of: UInt8(ascii: "{")) {
            rest = rest[begin...].dropFirst()
            guard rest.first == UInt8(ascii: "{") else { continue }
            let tag = rest.drop { $0 == UInt8(ascii: "{") }.prefix { $0 != UInt8(ascii: "}") }
            rest = rest[tag.endIndex...]
            let name = tag.filter { $0 > 0x20 && $0 != UInt8(ascii: "&") }
            tags.insert(String(decoding: name, as: UTF8.self))
        }
        return tags
    }

    /// The alerts to render, one after the other, each with the indices of the incidents that it
    /// contains, among all those of the parcel.
    ///
    /// - Parameters:
    ///   - parcel: The alerts.
    ///   - document: Creates their texts.
    /// - Returns: The alerts, in order.
    func division(
        of parcel: Parcel, in document: AlertDocument
    ) -> [(alert: Alert, places: Range<Int>)] {
        guard self != .all else { return [(parcel.digest, parcel.incidentIndices)] }
        if let lists = lists(of: parcel, document) { return lists }
        var parts: [(alert: Alert, places: Range<Int>)] = []
        let places = parcel.incidentPlaces
        var begin = 0
        while begin < parcel.alerts.count {
            var end = begin + 1
            var alert = parcel.alerts[begin]
            while end < parcel.alerts.count {
                let more = parcel.digest(of: begin..<(end + 1))
                guard holds(more, document) else { break }
                alert = more
                end += 1
            }
            let all = places[begin].lowerBound..<places[end - 1].upperBound
            let singles = singles(alert, document)
            parts +=
                singles.count == 1
                ? [(alert, all)] : zip(singles, all).map { ($0, $1..<($1 + 1)) }
            begin = end
        }
        return parts
    }

    /// The number of incidents from which on one message lists them, without their details.
    private static let many = 6

    /// Many incidents as lists, unless they fit with their details.
    private func lists(
        of parcel: Parcel, _ document: AlertDocument
    ) -> [(alert: Alert, places: Range<Int>)]? {
        let digest = parcel.digest
        let count = parcel.alerts.reduce(0) { $0 + $1.effectiveIncidents.count }
        guard count >= Self.many, let limit, !holds(digest, document) else { return nil }
        return IncidentList.all(of: parcel, upTo: limit, line: document.line).map { list in
            let body = list.lines.joined(separator: "\n")
            return (digest.with(body, of: list.incidents), list.places)
        }
    }

    /// The maximum size of a list in bytes; nil if the template has none.
    private var limit: Int? {
        switch self {
        // The headline is above it.
        case .text(let limit): limit - Headline.limit - 2
        case .overview(let limit): limit
        case .all, .one: nil
        }
    }

    /// An alert, or one for each of its incidents if not all fit.
    private func singles(_ alert: Alert, _ document: AlertDocument) -> [Alert] {
        guard alert.incidents.count > 1, !holds(alert, document) else { return [alert] }
        return alert.incidents.map { alert.with($0.text, of: [$0]) }
    }

    private func holds(_ alert: Alert, _ document: AlertDocument) -> Bool {
        switch self {
        case .all: true
        case .text(let limit): document.text(alert).utf8.count <= limit
        case .one, .overview: alert.effectiveIncidents.count == 1
        }
    }
}
