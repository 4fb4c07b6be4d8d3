internal import Text

/// Parses certificate dates, whose format depends on libcurl's TLS library.
enum CertificateDate {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Returns the expiry date of a certificate.
    ///
    /// - Parameter lines: libcurl's information about the certificate, as `Name:value`.
    /// - Returns: Seconds since 1970; nil if there is no date or its format is unknown.
    static func end(in lines: [String]) -> Int? {
        let name = "Expire date:"
        guard let line = lines.first(where: { $0.beginsExactly(with: name) }) else { return nil }
        return seconds(String(Substring(line.utf8.dropFirst(name.utf8.count))))
    }

    /// Parses `Nov 21 08:00:00 2026 GMT` (OpenSSL) or `2026-11-21 08:00:00 GMT` (others).
    static func seconds(_ text: String) -> Int? {
        let parts = text.utf8.split { " -:".utf8.contains($0) }.map { String(Substring($0)) }
        guard parts.count == 7, parts[6].isExactly("GMT") else { return nil }
        let name = months.firstIndex(of: parts[0])
        let date = name.map { ["\(parts[5])", "\($0 + 1)", parts[1]] } ?? Array(parts[0..<3])
        let clock = name == nil ? parts[3..<6] : parts[2..<5]
        let numbers = (date + clock).compactMap { Int($0) }
        guard numbers.count == 6, (1...9_999).contains(numbers[0]), (1...12).contains(numbers[1]),
            (1...31).contains(numbers[2]), numbers[3...].allSatisfy({ (0...60).contains($0) })
        else { return nil }
        let days = days(year: numbers[0], month: numbers[1], day: numbers[2])
        return days * 86_400 + numbers[3] * 3_600 + numbers[4] * 60 + numbers[5]
    }

    /// The days since 1970.
    ///
    /// Years are counted from March, so that the leap day is the last day.
    private static func days(year: Int, month: Int, day: Int) -> Int {
        let year = month > 2 ? year : year - 1
        let monthsSinceMarch = (month + 9) % 12
        let dayOfYear = (153 * monthsSinceMarch + 2) / 5 + day - 1
        return year * 365 + year / 4 - year / 100 + year / 400 + dayOfYear - 719_468
    }
}
