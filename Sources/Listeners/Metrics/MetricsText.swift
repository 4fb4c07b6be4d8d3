/// Builds Prometheus's text format (Prometheus manual, "Exposition formats") family by family.
struct MetricsText {
    /// A label's name and value.
    typealias Label = (name: String, value: String)

    /// The type of a metric.
    enum Kind: String {
        /// It only increases.
        case counter
        /// It increases and decreases.
        case gauge
    }

    /// The text built so far.
    private(set) var text = ""

    private let labels: [Label]

    /// Begins a text.
    ///
    /// - Parameter labels: The labels of every line.
    init(labels: [Label]) {
        self.labels = labels
    }

    /// Adds a family; one without samples is omitted.
    mutating func add(
        _ name: String, _ kind: Kind, _ help: String, _ samples: [([Label], Double)]
    ) {
        guard !samples.isEmpty else { return }
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
        let lines = samples.map { own, value in
            let list = (labels + own).map { "\($0.name)=\"\(Self.escaped($0.value))\"" }
            return "\(name){\(list.joined(separator: ","))} \(Self.number(value))\n"
        }
        text += lines.sorted().joined()
    }

    private static func escaped(_ value: String) -> String {
        var escaped = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\"": escaped += "\\\""
            case "\n": escaped += "\\n"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    private static func number(_ value: Double) -> String {
        Int(exactly: value).map(String.init) ?? "\(value)"
    }
}
