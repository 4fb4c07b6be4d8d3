// Where the configuration of a running supervisord, and of the one in PATH, is found.

import Foundation
import TestSupport
import Testing

@testable import SupervisorConfiguration

struct ConfigurationSearchTests {
    private let folder: TemporaryDirectory

    init() throws {
        folder = try TemporaryDirectory()
    }

    @Test(arguments: [
        ["-c", "s.conf"], ["-cs.conf"], ["-nc", "s.conf"], ["--configuration", "s.conf"],
        ["--configuration=s.conf"], ["--config", "s.conf"], ["--conf=s.conf"], ["--c=s.conf"],
        ["-n", "--logfile", "c", "--co", "s.conf"],
    ])
    func `options may be abbreviated as Python's getopt allows`(words: [String]) throws {
        try folder.write("s.conf", "[supervisord]\n")
        // --c is the beginning of another name, too.
        let isAccepted = !words.contains("--c=s.conf")
        let search = ConfigurationSearch(
            words: ["/usr/bin/supervisord"] + words, environment: [:], directory: folder.path)
        #expect((search.path == folder.path("s.conf")) == isAccepted)
    }

    @Test func `the search begins beside the program in PATH`() throws {
        try FileManager.default.createDirectory(
            atPath: folder.path("bin"), withIntermediateDirectories: false)
        try folder.writeProgram("bin/supervisord", "#!/bin/sh\n")
        let places = SupervisorConfiguration.searchPath(
            programIn: "/nonexistent:\(folder.path("bin"))")
        #expect(
            places.prefix(3) == [
                folder.path("etc/supervisord.conf"), folder.path("supervisord.conf"),
                "supervisord.conf",
            ])
        #expect(SupervisorConfiguration.searchPath(programIn: "/nonexistent").count == 4)
        #expect(
            SupervisorConfiguration.searchPath(program: "/bin/supervisord").first
                == "/etc/supervisord.conf")
    }
}
