// Writing to whom nobody reads.

import Foundation
import System
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
}
