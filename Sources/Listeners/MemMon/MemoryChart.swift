internal import Alerting
internal import System

/// A text chart of memory over time.
enum MemoryChart {
    /// The width of the longest bar in characters.
    private static let width = 40

    /// Draws a chart.
    ///
    /// - Parameters:
    ///   - samples: The sizes and their times, oldest first.
    ///   - limit: The limit in bytes; nil if it depends on other processes.
    ///   - measure: The measure.
    /// - Returns: A line for each sample, and a forecast if there is a trend; nil with fewer than
    ///   two samples.
    static func text(
        _ samples: [MemoryHistory.Sample], limit: Int?, measure: MemoryMeasure = .resident
    ) -> String? {
        guard samples.count > 1, let most = samples.map(\.size).max(), most > 0 else { return nil }
        let lines = samples.map { sample in
            let length = Int(Double(sample.size) * Double(width) / Double(most))
            let bar = String(repeating: "#", count: max(1, length))
            let mark = limit.map { sample.size > $0 } == true ? " over" : ""
            return "  \(sample.time.formatted("%H:%M:%S")) \(megabytes(sample.size)) \(bar)\(mark)"
        }
        let name = measure == .resident ? "memory" : measure.label
        let bound = limit.map { ", limit \(megabytes($0).trimmed)" } ?? ""
        let heading = "\(name) over the last \(samples.count) ticks\(bound):"
        let forecast = limit.flatMap { MemoryTrend(samples)?.text(to: $0) }
        return ([heading] + lines + [forecast].compactMap { $0 }).joined(separator: "\n")
    }

    /// A size in megabytes of 1,048,576 bytes, with one decimal and ten characters wide; a size that
    /// would be zero in a smaller unit, such as a limit whose unit was forgotten.
    static func megabytes(_ size: Int) -> String {
        let tenths = (size / 1_024 * 10 + 512) / 1_024
        let text =
            if tenths > 0 {
                "\(tenths / 10).\(tenths % 10) MB"
            } else if size < 1_024 {
                size == 1 ? "1 byte" : "\(size) bytes"
            } else {
                "\(size / 1_024).\(size % 1_024 * 10 / 1_024) KB"
            }
        return String(repeating: " ", count: max(0, 10 - text.count)) + text
    }
}

extension String {
    /// The text without leading spaces.
    var trimmed: Substring { drop { $0 == " " } }
}
