/// A line of a metrics file: a name, labels and a number (Prometheus's manual, "Exposition
/// formats").
struct MetricsReading: Hashable {
    let name: String
    let labels: [String: String]
    let value: Double

    /// The value as an integer, limited to the range of integers; a file may contain any number.
    var count: Int {
        Int(exactly: value.rounded(.towardZero)) ?? (value > 0 ? .max : value < 0 ? .min : 0)
    }

    /// Parses a file's text; invalid lines are ignored.
    static func parse(_ text: String) -> [MetricsReading] {
        text.utf8.split(separator: UInt8(ascii: "\n")).compactMap { MetricsReading($0) }
    }

    /// Parses a line.
    ///
    /// It contains names of processes, so it is parsed byte by byte: a combining character at the
    /// start of a name does not hide the quote before it.
    init?(_ line: Substring.UTF8View) {
        guard line.first != UInt8(ascii: "#"),
            let space = line.lastIndex(of: UInt8(ascii: " ")),
            let value = Double(Substring(line[space...].dropFirst()))
        else { return nil }
        self.value = value
        let head = line[..<space]
        let name = head.prefix { $0 != UInt8(ascii: "{") }
        self.name = String(Substring(name))
        var labels: [String: String] = [:]
        var rest = head.dropFirst(name.count + 1)
        while let equals = rest.firstIndex(of: UInt8(ascii: "=")) {
            let label = String(Substring(rest[..<equals]))
            rest = rest[equals...].dropFirst(2)
            labels[label] = Self.value(&rest)
            if rest.first == UInt8(ascii: ",") { rest.removeFirst() }
        }
        self.labels = labels
    }

    /// A label's value, up to its quote.
    private static func value(_ rest: inout Substring.UTF8View) -> String {
        var bytes: [UInt8] = []
        while let byte = rest.popFirst(), byte != UInt8(ascii: "\"") {
            guard byte == UInt8(ascii: "\\"), let next = rest.popFirst() else {
                bytes.append(byte)
                continue
            }
            bytes.append(next == UInt8(ascii: "n") ? UInt8(ascii: "\n") : next)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
