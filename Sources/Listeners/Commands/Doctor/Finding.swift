internal import Text

/// The result of one check.
struct Finding: Hashable {
    /// The severity.
    enum Result: String, Comparable, CaseIterable {
        /// No problem.
        case ok
        /// Information that may be useful.
        case note
        /// Probably a mistake.
        case warning
        /// Prevents a listener from working.
        case fault

        static func < (left: Result, right: Result) -> Bool {
            let order = Result.allCases
            return (order.firstIndex(of: left) ?? 0) < (order.firstIndex(of: right) ?? 0)
        }
    }

    /// The section that it concerns, or the file.
    let section: String
    /// What was checked, as one word.
    let check: String
    let result: Result
    /// What is wrong and what to change.
    let message: String
}

extension [Finding] {
    /// The exit status: 0 without problems, 1 for warnings, 2 for faults.
    var status: Int32 {
        switch map(\.result).max() {
        case .fault: 2
        case .warning: 1
        default: 0
        }
    }

    /// The findings as a table with one line for each.
    var table: String {
        func padded(_ text: String, _ width: Int) -> String {
            text + String(repeating: " ", count: Swift.max(0, width - text.count))
        }
        let sections = Swift.max(7, map(\.section.count).max() ?? 0)
        let checks = Swift.max(5, map(\.check.count).max() ?? 0)
        let header = [("SECTION", "CHECK", "RESULT", "MESSAGE")]
        // Names and values from files must not control the terminal, or break the line.
        let lines =
            header
            + map { finding in
                (
                    finding.section, finding.check, finding.result.rawValue,
                    finding.message.withVisibleControls.replacingText("\n", with: "\\n")
                )
            }
        return lines.map { section, check, result, message in
            "\(padded(section, sections))  \(padded(check, checks))  \(padded(result, 7))  \(message)\n"
        }.joined()
    }

    /// The findings as an array of objects with section, check, result and message (RFC 8259).
    var json: String {
        let objects = map { finding in
            let members = [
                ("section", finding.section), ("check", finding.check),
                ("result", finding.result.rawValue), ("message", finding.message),
            ]
            let texts = members.map { "\(Self.quoted($0.0)): \(Self.quoted($0.1))" }
            return "  {\(texts.joined(separator: ", "))}"
        }
        return objects.isEmpty ? "[]\n" : "[\n\(objects.joined(separator: ",\n"))\n]\n"
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\"".unicodeScalars
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted.append(contentsOf: ["\\", scalar])
            case "\0"..<" ":
                let digits = String(scalar.value, radix: 16)
                let zeros = String(repeating: "0", count: 4 - digits.count)
                quoted.append(contentsOf: "\\u\(zeros)\(digits)".unicodeScalars)
            default: quoted.append(scalar)
            }
        }
        quoted.append("\"")
        return String(quoted)
    }
}
