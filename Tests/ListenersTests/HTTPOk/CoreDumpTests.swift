import Foundation
import ListenerProtocol
import TestSupport
import Testing

@testable import Listeners

@Suite struct CoreDumpTests {
    private let directory: TemporaryDirectory
    private let process = ProcessName(group: "a/b", name: "web")

    init() throws { directory = try TemporaryDirectory() }

    private func make() -> String {
        CoreDump(command: "/bin/echo -o", directory: directory.path).make(of: process, pid: 7)
    }

    @Test func `The program gets the name of the file and the process`() {
        #expect(make() == "-o \(directory.path)/a_b:web 7\n")
    }

    @Test func `A directory that others may write to gets no core file`() {
        #expect(chmod(directory.path, 0o777) == 0)
        #expect(make().hasPrefix("cannot use \(directory.path), which other users may write to"))
    }

    @Test func `A link in its place is not followed`() {
        #expect(symlink("/nonexistent", directory.path("a_b:web.7")) == 0)
        #expect(
            make() == "cannot use \(directory.path)/a_b:web.7, which is not a regular file with "
                + "one name")
    }
}
