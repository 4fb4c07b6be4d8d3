// Formats texts as Python literals.

extension String {
    /// The text as Python's `repr` writes it.
    ///
    /// The quotes are single, unless the text contains single quotes and no double ones. Control
    /// characters and other unprintable ones are escaped (Python library reference, `repr`,
    /// `str.isprintable`).
    package var pythonLiteral: String {
        let quote: Unicode.Scalar =
            unicodeScalars.contains("'") && !unicodeScalars.contains("\"") ? "\"" : "'"
        var result = String(quote)
        for scalar in unicodeScalars {
            switch scalar {
            case "\\", quote: result += "\\\(scalar)"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.isPrintableInPython: result.unicodeScalars.append(scalar)
            default: result += scalar.pythonEscape
            }
        }
        result.unicodeScalars.append(quote)
        return result
    }
}

extension Unicode.Scalar {
    /// The result of Python's `str.isprintable`.
    fileprivate var isPrintableInPython: Bool {
        if self == " " { return true }
        switch properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
            .paragraphSeparator, .spaceSeparator:
            return false
        default: return true
        }
    }

    /// The escape: `\x1b`, `\u200b` or `\U000e0001`.
    fileprivate var pythonEscape: String {
        let digits = String(value, radix: 16)
        let (letter, width) = value < 0x100 ? ("x", 2) : value < 0x1_0000 ? ("u", 4) : ("U", 8)
        return "\\" + letter + String(repeating: "0", count: width - digits.count) + digits
    }
}
