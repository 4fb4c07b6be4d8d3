import Foundation
import TestSupport
import Testing

/// The instructions of `docs/own-listener.md`, followed outside this package.
@Suite struct OwnPackageTests {
    private let directory: TemporaryDirectory

    /// Creates the two directories of the page side by side.
    init() throws {
        directory = try TemporaryDirectory()
        let files = FileManager.default
        try files.createSymbolicLink(
            atPath: directory.path("superlance"), withDestinationPath: Document.root)
        try files.createDirectory(
            atPath: directory.path("fatallog/Sources/fatallog"), withIntermediateDirectories: true)
        try directory.write("fatallog/Package.swift", Self.manifest())
        try directory.write(
            "fatallog/Sources/fatallog/main.swift",
            Document("docs/examples/OwnListener/main.swift").text)
        for folder in ["curl", "kainjow"] {
            try files.createDirectory(
                atPath: directory.path("missing/\(folder)"), withIntermediateDirectories: true)
        }
        for header in ["curl/curl.h", "expat.h", "kainjow/mustache.hpp"] {
            try directory.write("missing/\(header)", "#error \"missing\"\n")
        }
    }

    /// The code block below "Package.swift:" on the page.
    private static func manifest() throws -> String {
        let lines = try Document("docs/own-listener.md").section("## Build")
        let block = lines.drop { $0 != "Package.swift:" }.dropFirst(2)
            .prefix { $0.isEmpty || $0.hasPrefix("    ") }
        return block.map { $0.dropFirst(4) + "\n" }.joined()
    }

    @Test
    func `An external listener package needs none of our headers or settings`()
        throws
    {
        let build = try ChildProcess(
            [
                "/usr/bin/env", "swift", "build", "--verbose", "--package-path",
                directory.path("fatallog"), "-Xcc", "-I\(directory.path("missing"))",
            ],
            // An empty path for pkg-config.
            environment: ChildProcess.environment(adding: ["PKG_CONFIG_LIBDIR": directory.path]))
        build.closeInput()
        let output = String(decoding: try build.readToEnd(within: .seconds(600)), as: UTF8.self)
        let status = try build.waitForExit()
        try #require(status == .exited(0), "\(output)\n\(build.standardError)")
        let commands = output + build.standardError
        #expect(commands.contains("-module-name ListenerProtocol "))
        for setting in ["-warnings-as-errors", "-Werror", "-use-ld", "-symbol-ordering-file"] {
            #expect(!commands.contains(setting))
        }
        for module in ["SupervisorRPC", "Curl", "CCurl", "CMustache"] {
            #expect(!commands.contains("\(module).build/"))
        }

        let supervisord = try Supervisord(
            .current,
            [
                Supervisord.Section(
                    """
                    [eventlistener:fatallog]
                    command=\(directory.path("fatallog/.build/debug/fatallog"))
                    events=PROCESS_STATE_FATAL
                    buffer_size=1024
                    stderr_logfile=%(here)s/fatallog.err
                    """),
                .program("bad", "/bin/false", ["startretries": "0"]),
            ])
        try eventually("a line in the log") {
            supervisord.standardError(of: "fatallog").contains("bad does not start\n") ? () : nil
        }
    }

    @Test(arguments: ["CCurl/CCurl.c", "CExpat/shim.h", "CMustache/CMustache.cpp"])
    func `A package that needs such a header fails without it`(file: String) throws {
        let compiler = try ChildProcess(
            [
                "/usr/bin/env", "clang", "-fsyntax-only", "-I\(directory.path("missing"))",
                "\(Document.root)/Sources/\(file)",
                "-I\(Document.root)/Sources/\(file.prefix { $0 != "/" })/include",
            ])
        compiler.closeInput()
        #expect(try compiler.waitForExit() == .exited(1))
        #expect(compiler.standardError.contains("#error \"missing\""))
    }
}
