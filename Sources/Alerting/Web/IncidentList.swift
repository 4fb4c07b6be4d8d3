internal import System
internal import Text

/// A line for each of several incidents, as many together as fit into one message.
struct IncidentList {
    /// The lines.
    private(set) var lines: [String] = []

    /// The incidents.
    private(set) var incidents: [Incident] = []

    /// Their indices among all incidents of the parcel.
    private(set) var places: Range<Int>

    /// Lists all incidents of a parcel.
    ///
    /// - Parameters:
    ///   - parcel: The alerts.
    ///   - limit: The maximum size of a list in bytes; a single line may be longer.
    ///   - line: Makes the line about an incident.
    /// - Returns: The lists, in order.
    static func all(
        of parcel: Parcel, upTo limit: Int, line: (Incident) -> String
    ) -> [IncidentList] {
        var lists: [IncidentList] = []
        var left = 0
        for (place, incident) in parcel.alerts.flatMap(\.effectiveIncidents).enumerated() {
            let line = line(incident)
            left -= line.utf8.count + 1
            if left < 0 {
                lists.append(IncidentList(places: place..<place))
                left = limit - line.utf8.count - 1
            }
            let last = lists.count - 1
            lists[last].lines.append(line)
            lists[last].incidents.append(incident)
            lists[last].places = lists[last].places.lowerBound..<(place + 1)
        }
        return lists
    }

    /// An incident in one line: its headline and the state since.
    ///
    /// - Parameters:
    ///   - incident: The incident.
    ///   - host: The host, if the incident does not know it.
    /// - Returns: The line, without the time.
    static func words(_ incident: Incident, on host: String) -> String {
        let headline = Headline(of: incident, on: host).text
        let state = incident.diagnostics?.state.map { "; now: \($0.withVisibleControls)" } ?? ""
        return "\(headline)\(state)"
    }
}
