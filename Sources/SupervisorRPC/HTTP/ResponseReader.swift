internal import Curl
internal import Text

/// Reads one HTTP response (RFC 9112), split in any way.
///
/// The body's length is determined by its chunks, by `Content-Length`, or by the end of the
/// connection (section 6.3). The body of a status other than 200 is not read, because it contains
/// no XML-RPC response.
struct ResponseReader {
    /// Whether the response is complete.
    var isComplete: Bool { state == .complete }

    /// The response so far.
    var response: HTTPResponse {
        HTTPResponse(status: head.status, reason: head.reason, body: body)
    }

    private enum State: Equatable {
        case statusLine, fields
        /// A body, with the number of missing bytes.
        case sized(Int)
        /// A body that ends with the connection.
        case untilEnd
        case chunkSize
        /// A chunk, with the number of missing bytes.
        case chunk(Int)
        case chunkEnd, trailer, complete
    }

    private let bodyLimit: Int
    private var state = State.statusLine
    private var head = ResponseHead()
    /// The current line.
    private var line: [UInt8] = []
    private var body: [UInt8] = []
    /// The number of bytes that do not belong to the body.
    private var framing = 0

    /// The maximum size of the head in bytes.
    private static let headLimit = 65_536

    /// The maximum number of bytes that do not belong to the body, which may have many chunks.
    private static let framingLimit = 1_048_576

    /// Prepares a reader.
    ///
    /// - Parameter bodyLimit: The maximum size of the body in bytes.
    init(bodyLimit: Int) {
        self.bodyLimit = bodyLimit
    }

    /// Reads bytes; those after the end of the response are ignored.
    ///
    /// - Parameter bytes: The next bytes.
    /// - Throws: `.malformed`, `.tooLarge`.
    mutating func append(_ bytes: [UInt8]) throws(ExchangeError) {
        var rest = bytes[...]
        while !rest.isEmpty, state != .complete {
            switch state {
            case .sized(let missing):
                state = try take(missing, of: &rest).map(State.sized) ?? .complete
            case .chunk(let missing):
                state = try take(missing, of: &rest).map(State.chunk) ?? .chunkEnd
            case .untilEnd: _ = try take(rest.count, of: &rest)
            case .statusLine, .fields, .chunkSize, .chunkEnd, .trailer, .complete:
                try takeLine(of: &rest)
            }
        }
    }

    /// Handles the end of the connection.
    ///
    /// - Throws: `.brokenOff` when the response is incomplete; `.malformed` when it is not HTTP.
    mutating func end() throws(ExchangeError) {
        switch state {
        case .complete: return
        case .untilEnd: state = .complete
        case .statusLine where framing == 0: throw .brokenOff("empty reply from server")
        case .statusLine where !ResponseHead.mayBegin(line):
            throw .malformed("it does not begin with HTTP/1")
        case .sized(let missing): throw .brokenOff("\(missing) bytes of the response are missing")
        default: throw .brokenOff("the end of the response is missing")
        }
    }

    /// Reads bytes of the body.
    ///
    /// - Returns: How many are still missing; `nil` if none are.
    private mutating func take(
        _ missing: Int, of bytes: inout ArraySlice<UInt8>
    ) throws(ExchangeError) -> Int? {
        let piece = bytes.prefix(missing)
        guard piece.count <= bodyLimit - body.count else { throw .tooLarge }
        body += piece
        bytes = bytes.dropFirst(piece.count)
        return piece.count < missing ? missing - piece.count : nil
    }

    private mutating func takeLine(of bytes: inout ArraySlice<UInt8>) throws(ExchangeError) {
        let piece = bytes.prefix { $0 != UInt8(ascii: "\n") }
        let isWhole = piece.endIndex < bytes.endIndex
        bytes = bytes.dropFirst(piece.count + (isWhole ? 1 : 0))
        framing += piece.count + 1
        let isHead = state == .statusLine || state == .fields
        guard framing <= (isHead ? Self.headLimit : Self.framingLimit) else {
            throw .malformed("its head or its chunks' sizes are too long")
        }
        line += piece
        guard isWhole else { return }
        // RFC 9112, section 2.2: a recipient may accept a single line feed as the end of a line.
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        defer { line.removeAll(keepingCapacity: true) }
        try read(line)
    }

    private mutating func read(_ line: [UInt8]) throws(ExchangeError) {
        switch state {
        case .statusLine:
            head = try ResponseHead(statusLine: line)
            state = .fields
        case .fields where line.isEmpty: try beginBody()
        case .fields: try head.read(field: line)
        case .chunkSize:
            let size = try Self.chunkSize(line)
            guard size <= bodyLimit - body.count else { throw .tooLarge }
            state = size == 0 ? .trailer : .chunk(size)
        case .chunkEnd:
            guard line.isEmpty else { throw .malformed("a chunk is longer than its size") }
            state = .chunkSize
        case .trailer: if line.isEmpty { state = .complete }
        case .sized, .untilEnd, .chunk, .complete: return
        }
    }

    private mutating func beginBody() throws(ExchangeError) {
        switch head.status {
        // RFC 9110, section 15.2: another response follows.
        case 100, 102...199: state = .statusLine
        case 200:
            guard let length = head.bodyLength else {
                state = head.isChunked ? .chunkSize : .untilEnd
                return
            }
            guard length <= bodyLimit else { throw .tooLarge }
            state = length == 0 ? .complete : .sized(length)
        default: state = .complete
        }
    }

    /// Parses a chunk size (RFC 9112, section 7.1); extensions after a semicolon are ignored.
    private static func chunkSize(_ line: [UInt8]) throws(ExchangeError) -> Int {
        let digits = line.prefix { $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: " ") }
        guard (1...15).contains(digits.count), digits.first != UInt8(ascii: "+"),
            digits.first != UInt8(ascii: "-"),
            let size = Int(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw .malformed("a chunk has no size") }
        return size
    }
}
