// What must hold of an HTTP response, whatever a server sends.

import Curl

@testable import ListenerProtocol
@testable import SupervisorRPC

extension Property {
    /// The input is what comes over a connection, up to its end.
    ///
    /// However it is cut into pieces, the same comes out: a response whose body is within the limit
    /// and part of the input, or a reason in one line.
    package static let http = Property("http") { input throws(Violation) in
        let whole = Outcome(of: [input])
        try require(Outcome(of: input.map { [$0] }), is: whole, "what comes of single bytes")
        let half = input.count / 2
        let halves = [Array(input.prefix(half)), Array(input.dropFirst(half))]
        try require(Outcome(of: halves), is: whole, "what comes of two pieces")
        switch whole {
        case .response(let status, let reason, let body):
            try require((100...999).contains(status), "a status of \(status)")
            try require(body.count <= Outcome.limit, "a body of \(body.count) bytes")
            try require(body.count <= input.count, "a body out of nothing")
            if !reason.isEmpty { try requireLine(reason, "a reason phrase") }
        case .fault(.brokenOff(let reason)), .fault(.malformed(let reason)):
            try requireLine(reason, "a reason")
        case .fault(.tooLarge): return
        case .fault(let error): throw Violation(description: "a reader's \(error)")
        }
    }

    /// What comes of all pieces and the end.
    private enum Outcome: Equatable {
        case response(Int, String, [UInt8])
        case fault(ExchangeError)

        static let limit = 1_000

        init(of pieces: [[UInt8]]) {
            var reader = ResponseReader(bodyLimit: Self.limit)
            do throws(ExchangeError) {
                for piece in pieces { try reader.append(piece) }
                try reader.end()
                let response = reader.response
                self = .response(response.status, response.reason, response.body)
            } catch {
                self = .fault(error)
            }
        }
    }
}
