internal import Curl
internal import System

/// Why a request has no response.
enum ExchangeError: Error, Hashable {
    /// The connection failed; the system's `errno`.
    case notConnected(Int32)

    /// The deadline has passed.
    case timedOut

    /// The connection broke before the end of the response; the reason as a clause.
    case brokenOff(String)

    /// The response is not valid HTTP; the reason as a clause.
    case malformed(String)

    /// The body is larger than the limit.
    case tooLarge

    /// Another failure; the reason as a clause.
    case failed(String)

    /// A connection that broke with an `errno`.
    static func broken(_ code: Int32) -> Self { .brokenOff(SystemError.words(for: code)) }

    /// Converts libcurl's error.
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
