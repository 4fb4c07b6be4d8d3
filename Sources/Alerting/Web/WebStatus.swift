// What a web server's answer means for an alert.

internal import Curl
internal import EventLoop
internal import Glibc
internal import System
internal import Text

/// What a web server's answer means for an alert, and how a worker tells it.
enum WebStatus {
    /// The longest pause that is granted.
    static let longestPause = Duration.seconds(3_600)

    // MARK: In the worker

    /// Judges an answer.
    ///
    /// 2xx means that it was taken; 408, 429 and 5xx pass; any other status stays until someone
    /// changes something (RFC 9110, section 15).
    static func of(
        _ answer: HTTPResponse, from address: WebAddress, at now: Timestamp
    ) -> DeliveryStatus {
        let reason = "\(address) said \(said(answer, from: address))"
        switch answer.status {
        case 200...299: return .accepted
        case 408, 429, 500...599:
            return .later(reason, pause: answer["Retry-After"].flatMap { pause($0, at: now) })
        default: return .refused(reason)
        }
    }

    /// An answer in one line: its status, the reason and the first words of its body.
    static func said(_ answer: HTTPResponse, from address: WebAddress) -> String {
        let reason = address.redacting(answer.reason)
        let status = reason.isEmpty ? "" : " \(reason.prefix(scalars: 200))"
        let words = words(of: answer.body, from: address)
        return "\(answer.status)\(status)\(words.isEmpty ? "" : ": \(words)")"
    }

    /// Judges a request to which there was no answer.
    static func of(_ error: CurlError, from address: WebAddress) -> DeliveryStatus {
        let reason = address.redacting("\(address): \(error)")
        return lasting.contains(error.code) ? .refused(reason) : .later(reason)
    }

    /// Failures that stay until someone changes a setting or a certificate.
    private static let lasting: Set<CurlErrorCode> = [
        .unsupportedProtocol, .urlMalformat, .notBuiltIn, .badFunctionArgument, .unknownOption,
        .sslCertproblem, .peerFailedVerification, .sslIssuerError,
    ]

    /// The first words of an answer's body, in one line and without secrets.
    static func words(of body: [UInt8], from address: WebAddress) -> String {
        let line = String(decoding: body.prefix(4_096), as: UTF8.self)
            .split { $0.isWhitespace }.joined(separator: " ")
        return String(address.redacting(line).prefix(scalars: 200))
    }

    /// How long a server asks to be left alone: a number of seconds or a date (RFC 9110, section
    /// 10.2.3).
    static func pause(_ field: String, at now: Timestamp) -> Duration? {
        let isNumber = !field.isEmpty && field.utf8.allSatisfy(digits.contains)
        // A number that is too large for a machine is a long time all the same.
        if isNumber { return limited(Int(field) ?? .max) }
        if let seconds = Int(field) { return limited(seconds) }
        return date(field).map { limited($0.subtractingSaturated(now.seconds)) }
    }

    private static let digits = UInt8(ascii: "0")...UInt8(ascii: "9")

    private static func limited(_ seconds: Int) -> Duration {
        min(.seconds(max(0, seconds)), longestPause)
    }

    /// The seconds since 1970 of a date such as `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, section
    /// 5.6.7).
    private static func date(_ field: String) -> Int? {
        let words = field.split { " :".contains($0) }
        let months = "JanFebMarAprMayJunJulAugSepOctNovDec"
        let numbers = [1, 3, 4, 5, 6].compactMap { words.count == 8 ? Int32(words[$0]) : nil }
        guard numbers.count == 5, words[7] == "GMT", words[2].count == 3,
            let month = months.firstRange(ofText: words[2]), (1_970...9_999).contains(numbers[1]),
            numbers.allSatisfy({ $0 >= 0 })
        else { return nil }
        var time = unsafe tm()
        let place = months.distance(from: months.startIndex, to: month.lowerBound)
        unsafe time.tm_mon = Int32(place / 3)
        unsafe time.tm_mday = numbers[0]
        unsafe time.tm_year = numbers[1] - 1_900
        unsafe time.tm_hour = numbers[2]
        unsafe time.tm_min = numbers[3]
        unsafe time.tm_sec = numbers[4]
        return unsafe timegm(&time)
    }

    /// Tells the parent.
    ///
    /// - Parameters:
    ///   - status: What became of the alert.
    ///   - answer: What the server said.
    static func write(_ status: DeliveryStatus, answer: String = "") {
        switch status {
        case .accepted: WorkerAnswer.write("accepted", answer)
        case .later(let reason, let pause):
            WorkerAnswer.write("later", reason, pause.map { "\($0.components.seconds)" } ?? "")
        case .refused(let reason): WorkerAnswer.write("refused", reason)
        }
    }

    // MARK: In the resident

    /// Reads what a worker told.
    static func read(_ report: ChildReport, from address: WebAddress) -> DeliveryStatus {
        let record = TextRecord.parse(report.output).first ?? []
        switch record.first {
        case "accepted": return .accepted
        case "refused" where record.count == 2: return .refused(record[1])
        case "later" where record.count == 3:
            return .later(record[1], pause: Int(record[2]).map(limited))
        default: return .later(unknown(report.end, address))
        }
    }

    /// What the server said when it took the alert.
    static func answer(_ report: ChildReport) -> String? {
        let record = TextRecord.parse(report.output).first ?? []
        return record.first == "accepted" && record.count == 2 ? record[1] : nil
    }

    private static func unknown(_ end: ChildReport.End, _ address: WebAddress) -> String {
        switch end {
        case .exited: "nothing is known of the delivery to \(address)"
        case .signalled(let number): "signal \(number) ended the delivery to \(address)"
        case .timedOut: "the delivery to \(address) hung"
        case .notStarted(let error): "\(error)"
        }
    }
}
