internal import Curl
internal import EventLoop
internal import Glibc
internal import System
internal import Text

/// The status of a delivery to a web service.
enum WebStatus {
    /// The maximum pause that a server can request.
    static let longestPause = Duration.seconds(3_600)

    // MARK: In the worker

    /// The status for a response (RFC 9110, section 15).
    ///
    /// 2xx is a success; 408, 425, 429 and 5xx are temporary; 413 requires a smaller message; 400
    /// and 422 concern the message. Any other status concerns the address, the login or the
    /// service.
    static func of(
        _ answer: HTTPResponse, from address: WebAddress, at now: Timestamp
    ) -> DeliveryStatus {
        let reason = "\(address) returned \(said(answer, from: address))"
        switch answer.status {
        case 200...299: return .accepted
        case 408, 425, 429, 500...599:
            let asked = answer["Retry-After"].flatMap { pause($0, at: now) }
            let given = ServiceAnswer.pause(in: answer.body).map { min($0, longestPause) }
            return .later(reason, pause: asked ?? given)
        case 413: return .tooLarge(reason, isCertain: false)
        case 400, 422: return .refused(reason)
        case 401, 402, 403, 407:
            return .blocked("\(reason); check the address and the login")
        default: return .blocked("\(reason); check the address")
        }
    }

    /// A response as one line: status, reason and the beginning of its body.
    static func said(_ answer: HTTPResponse, from address: WebAddress) -> String {
        let reason = address.redacting(answer.reason)
        let status = reason.isEmpty ? "" : " \(reason.prefix(scalars: 200))"
        let words = words(of: answer.body, from: address)
        return "\(answer.status)\(status)\(words.isEmpty ? "" : ": \(words)")"
    }

    /// Interprets a request without a response.
    static func of(_ error: CurlError, from address: WebAddress) -> DeliveryStatus {
        let reason = address.redacting("\(address): \(error)")
        switch error.code {
        case .unsupportedProtocol, .urlMalformat, .badFunctionArgument:
            return .blocked("\(reason); check the address")
        case .notBuiltIn, .unknownOption: return .blocked("\(reason); install another libcurl")
        case .sslCertproblem, .peerFailedVerification, .sslIssuerError, .sslCACertBadfile:
            return .blocked("\(reason); check the server's certificate and --cacert")
        case .gotNothing, .recvError, .weirdServerReply:
            return .later("\(reason); it may have been delivered")
        case .operationTimedout where error.message.hasPrefix("Operation"):
            return .later("\(reason); it may have been delivered")
        default: return .later(reason)
        }
    }

    /// The beginning of a response's body, on one line and without secrets.
    static func words(of body: [UInt8], from address: WebAddress) -> String {
        let line = String(decoding: body.prefix(4_096), as: UTF8.self)
            .split { $0.isWhitespace }.joined(separator: " ")
        return String(address.redacting(line).prefix(scalars: 200))
    }

    /// Parses the pause requested by a server: seconds or a date (RFC 9110, section 10.2.3).
    static func pause(_ field: String, at now: Timestamp) -> Duration? {
        let isNumber = !field.isEmpty && field.utf8.allSatisfy(digits.contains)
        // A number out of range also means a long pause.
        if isNumber { return limited(Int(field) ?? .max) }
        if let seconds = Int(field) { return limited(seconds) }
        return date(field).map { limited($0.subtractingSaturated(now.seconds)) }
    }

    private static let digits = UInt8(ascii: "0")...UInt8(ascii: "9")

    private static func limited(_ seconds: Int) -> Duration {
        min(.seconds(max(0, seconds)), longestPause)
    }

    /// Parses a date such as `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, section 5.6.7) to seconds
    /// since 1970.
    private static func date(_ field: String) -> Int? {
        let words = field.utf8.split { " :".utf8.contains($0) }.map(Substring.init)
        let months = "JanFebMarAprMayJunJulAugSepOctNovDec"
        let numbers = [1, 3, 4, 5, 6].compactMap { words.count == 8 ? Int32(words[$0]) : nil }
        guard numbers.count == 5, words[7].isExactly("GMT"), words[2].utf8.count == 3,
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

    // MARK: In the main process

    /// Reads a worker's report.
    ///
    /// - Parameters:
    ///   - report: The worker's report.
    ///   - address: The service.
    /// - Returns: The statuses of some incidents by their positions: for each, the first failure of
    ///   all its requests.
    static func reader(
        _ report: ChildReport, from address: WebAddress
    ) -> (Range<Int>) -> IncidentStatuses {
        let records = WorkerRecords(report.output).all(DeliveryRecord<Range<Int>>.self)
        let unknown = DeliveryStatus.unknown(report.end, at: "\(address)")
        return { places in
            let own = records.filter { $0.target.overlaps(places) }
            let statuses = places.map { place in
                let statuses = own.filter { $0.target.contains(place) }.map(\.status)
                return statuses.first { $0 != .accepted } ?? statuses.first ?? unknown
            }
            return IncidentStatuses(
                statuses: statuses, isDivided: Set(own.map(\.target)).count > 1,
                isAnswered: own.contains { $0.status != .accepted && !$0.answer.isEmpty })
        }
    }
}
