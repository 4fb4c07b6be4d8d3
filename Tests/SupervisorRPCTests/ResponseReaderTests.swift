import Curl
import Testing

@testable import SupervisorRPC

/// What is made of the bytes of an HTTP response.
@Suite struct ResponseReaderTests {
    /// Reads pieces, and then the end of the connection if the response is not complete.
    private func read(_ pieces: [String], limit: Int = 100) throws -> ResponseReader {
        var reader = ResponseReader(bodyLimit: limit)
        for piece in pieces { try reader.append(Array(piece.utf8)) }
        if !reader.isComplete { try reader.end() }
        return reader
    }

    private func body(_ text: String, limit: Int = 100) throws -> String {
        String(decoding: try read([text], limit: limit).response.body, as: UTF8.self)
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhellorest",
        "HTTP/1.0 200 OK\ncontent-length:5 \n\nhello",
        "HTTP/1.0 200 OK\r\n\r\nhello",
        "HTTP/1.1 200\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "0005\r\nhello\r\n0\r\nTrailer: x\r\n\r\n",
    ])
    func `a body is found by its length, its chunks or the end`(_ text: String) throws {
        #expect(try body(text) == "hello")
        let pieces = try read(text.utf8.map { String(decoding: [$0], as: UTF8.self) })
        #expect(pieces.response.body == Array("hello".utf8))
    }

    @Test func `a response is complete as soon as its body is`() throws {
        var reader = ResponseReader(bodyLimit: 10)
        try reader.append(Array("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n".utf8))
        #expect(!reader.isComplete)
        try reader.append(Array("ab".utf8))
        #expect(reader.isComplete)
    }

    @Test func `a status other than 200 is reported without its body`() throws {
        let reader = try read([
            "HTTP/1.1 401 Unauthorized\r\nContent-Length: 100000\r\n\r\n"
        ])
        #expect(reader.response.status == 401)
        #expect(reader.response.reason == "Unauthorized")
        #expect(reader.response.body.isEmpty)
    }

    @Test func `a reason phrase is short and without control characters`() throws {
        let long = String(repeating: "x", count: 300)
        let reason = try read(["HTTP/1.1 500 \u{1B}[31m\u{202E}\(long)\r\n\r\n"]).response.reason
        #expect(reason.hasPrefix("[31m\\u{202E}x"))
        #expect(reason.unicodeScalars.count == 100)
    }

    @Test(arguments: [
        ("", ExchangeError.brokenOff("empty reply from server")),
        ("HTT", .brokenOff("the end of the response is missing")),
        ("SSH-2.0-OpenSSH", .malformed("it does not begin with HTTP/1")),
        ("SSH-2.0-OpenSSH\r\n", .malformed("it does not begin with HTTP/1")),
        ("HTTP/2.0 200 OK\r\n", .malformed("it does not begin with HTTP/1")),
        ("HTTP/1.1 20 OK\r\n", .malformed("it does not begin with HTTP/1")),
        ("HTTP/1.1 200 OK\r\n", .brokenOff("the end of the response is missing")),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello",
            .brokenOff("4 bytes of the response are missing")
        ),
        ("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", .malformed("its length is not a number")),
        ("HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\n", .malformed("its length is not a number")),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 1 2\r\n\r\n",
            .malformed("its length is not a number")
        ),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
            .malformed("its length is not a number")
        ),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
            .malformed("its length is not a number")
        ),
        ("HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n", .tooLarge),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
            .malformed("it has an unsupported encoding")
        ),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
            .malformed("a chunk has no size")
        ),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\n",
            .malformed("a chunk has no size")
        ),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n",
            .malformed("a chunk has no size")
        ),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n65\r\n", .tooLarge),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n",
            .malformed("a chunk is longer than its size")
        ),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n",
            .brokenOff("the end of the response is missing")
        ),
    ])
    func `an incomplete response is reported`(_ text: String, _ error: ExchangeError) {
        #expect(throws: error) { try read([text]) }
    }

    @Test func `a body without a length is bounded`() {
        #expect(throws: ExchangeError.tooLarge) {
            try read(["HTTP/1.0 200 OK\r\n\r\n" + String(repeating: "x", count: 101)])
        }
    }

    @Test func `a head without end is bounded, and so are lines between chunks`() {
        let error = ExchangeError.malformed("its head or its chunks' sizes are too long")
        let field = "X: " + String(repeating: "x", count: 1_000) + "\r\n"
        #expect(throws: error) {
            try read(["HTTP/1.1 200 OK\r\n"] + Array(repeating: field, count: 100))
        }
        #expect(throws: error) { try read([String(repeating: "x", count: 100_000)]) }
        let chunk = "1;" + String(repeating: "x", count: 10_000) + "\r\ny\r\n"
        #expect(throws: error) {
            try read(
                ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"]
                    + Array(repeating: chunk, count: 200), limit: 1_000)
        }
    }
}
