import Foundation
import System
import TestSupport
import Testing

@Suite struct DescriptorTests {
    @Test func `a write to a pipe that is not read does not block`() throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        let writer = Descriptor(rawValue: ends[1])
        let reader = Descriptor(rawValue: ends[0])
        let bytes = [UInt8](repeating: 7, count: 1_000_000)
        #expect(!writer.writeAll(bytes, waitingAtMost: .milliseconds(1)))
        // What fits has been written, and there is room again once it is read.
        guard case .bytes = reader.read(atMost: 65_536) else {
            Issue.record("nothing was written")
            return
        }
        #expect(writer.writeAll([1, 2, 3], waitingAtMost: .milliseconds(1)))
        reader.close()
        signal(SIGPIPE, SIG_IGN)
        #expect(!writer.writeAll([1], waitingAtMost: .seconds(60)))
        writer.close()
    }

    @Test func `a small file is read to its end, or to the limit`() throws {
        let folder = try TemporaryDirectory()
        try folder.write("file", String(repeating: "x", count: 40_000))
        #expect(try Descriptor.contents(of: folder.path("file")).count == 40_000)
        #expect(try Descriptor.contents(of: folder.path("file"), atMost: 1).count < 40_000)
    }

    @Test func `a FIFO that nobody writes to reads as empty at once`() throws {
        let folder = try TemporaryDirectory()
        try #require(mkfifo(folder.path("fifo"), 0o600) == 0)
        #expect(try Descriptor.contents(of: folder.path("fifo")).isEmpty)
    }

    @Test(arguments: [
        ("secret", "secret"), ("secret\nmore\n", "secret"), ("secret\r\n", "secret"), ("\n", ""),
        ("", nil),
    ])
    func `the first line of a file is read without its end`(text: String, line: String?) throws {
        let folder = try TemporaryDirectory()
        try folder.write("file", text)
        let read = try Descriptor.firstLine(of: folder.path("file"))
        #expect(read == line.map { Array($0.utf8) })
    }

    @Test func `the first line of a FIFO that nobody writes to is none`() throws {
        let folder = try TemporaryDirectory()
        try #require(mkfifo(folder.path("fifo"), 0o600) == 0)
        #expect(try Descriptor.firstLine(of: folder.path("fifo")) == nil)
    }

    @Test func `a directory has no first line, which is an error`() throws {
        let folder = try TemporaryDirectory()
        let error = #expect(throws: SystemError.self) {
            try Descriptor.firstLine(of: folder.path("."))
        }
        #expect(error?.code == EISDIR)
    }

    @Test func `a missing file is named in the error`() throws {
        let path = try TemporaryDirectory().path("missing")
        #expect(throws: SystemError("cannot read \(path)", code: ENOENT)) {
            try Descriptor.contents(of: path)
        }
    }
}
