import TestSupport
import Testing

/// The sample listener of docs/own-listener.md.
@Suite struct OwnListenerTests {
    @Test(arguments: ["README.md", "docs/own-listener.md"])
    func `The page shows the program that is built`(page: String) throws {
        let program = try Document("docs/examples/OwnListener/main.swift").text
        #expect(try Document(page).blocks(in: "swift") == [program])
        #expect(program.split(separator: "\n", omittingEmptySubsequences: false).count == 11)
    }

    @Test func `The program acknowledges events and logs the one it handles`() throws {
        let listener = try ChildProcess(["\(BuildFolder.path)/OwnListener"])
        #expect(try listener.readLine() == "READY")
        let events: [EventPayload] = [.fatal("web", group: "site"), .exited("job")]
        for (number, event) in events.enumerated() {
            let frame = EventFrame(event, serial: number + 1, poolSerial: number + 1)
            try listener.write(frame.bytes)
            #expect(try listener.readLine() == "RESULT 2")
            #expect(try listener.readLine() == "OKREADY")
        }
        listener.closeInput()
        #expect(try listener.waitForExit() == .exited(0))
        #expect(listener.standardError == "site:web does not start\n")
    }
}
