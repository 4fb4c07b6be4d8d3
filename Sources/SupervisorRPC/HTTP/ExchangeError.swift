// Why a request has no answer.

internal import Curl
internal import System

/// Why a request has no answer.
enum ExchangeError: Error, Hashable {
    /// There is no connection; the system's `errno`.
    case notConnected(Int32)

    /// The time was up.
    case timedOut

    /// The connection ended before the answer did; the reason as a clause.
    case brokenOff(String)

    /// What came is no HTTP; the reason as a clause.
    case malformed(String)

    /// The body is larger than the limit.
    case tooLarge

    /// Something else failed; the reason as a clause.
    case failed(String)

    /// The connection broke with an `errno`.
    static func broken(_ code: Int32) -> Self { .brokenOff(SystemError.words(for: code)) }

    /// Translates libcurl's error.
    init(_ error: CurlError) {
        switch error.code {
        case .operationTimedout: self = .timedOut
        case .filesizeExceeded: self = .tooLarge
        case .couldntConnect where error.osErrno != 0: self = .notConnected(error.osErrno)
        case .gotNothing, .recvError, .sendError, .partialFile: self = .brokenOff("\(error)")
        default: self = .failed("\(error)")
        }
    }
}
