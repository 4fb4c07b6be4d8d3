/// A line of a metrics file: a name, labels and a number (Prometheus's manual, "Exposition formats").
struct MetricsReading: Hashable {
    let name: String
    let labels: [String: String]
    let value: Double

    /// Parses a file's text; invalid lines are ignored.
    static func parse(_ text: String) -> [MetricsReading] {
        text.split(separator: "\n").compactMap { MetricsReading($0) }
    }

    /// Parses a line.
    init?(_ line: Substring) {
        guard !line.hasPrefix("#"), let space = line.lastIndex(of: " "),
            let value = Double(line[line.index(after: space)...])
        else { return nil }
        self.value = value
        let head = line[..<space]
        name = String(head.prefix { $0 != "{" })
        var labels: [String: String] = [:]
        var rest = head.dropFirst(name.count + 1)
        while let equals = rest.firstIndex(of: "=") {
            let label = String(rest[..<equals])
            rest = rest[equals...].dropFirst(2)
            var text = ""
            while let character = rest.popFirst(), character != "\"" {
                guard character == "\\", let next = rest.popFirst() else {
                    text.append(character)
                    continue
                }
                text.append(next == "n" ? "\n" : next)
            }
            labels[label] = text
            if rest.first == "," { rest.removeFirst() }
        }
        self.labels = labels
    }
}
