import Foundation
import TestSupport
import Testing

/// Configurations copied from the pages work.
@Suite struct ShownConfigurationTests {
    @Test(arguments: try ShownConfiguration.all())
    func `supervisord accepts it, and its listeners become READY`(shown: ShownConfiguration) throws
    {
        try Self.play(shown)
    }

    /// A section that does not work, and the expected error.
    struct Fault {
        let lines: String
        let complaint: String
    }

    @Test(arguments: [
        Fault(lines: "command=crashmail --wbhook http://localhost/", complaint: "exit status 64"),
        Fault(lines: "command=memmon -t 5", complaint: "exit status 64"),
        Fault(lines: "command=crashmail\nstartretries 3", complaint: "parsing errors"),
        Fault(lines: "command=crashmail -o 100%", complaint: "badly formatted"),
        Fault(lines: "command=crashmail\nbufer_size=10", complaint: "has no bufer_size="),
        Fault(lines: "command=crashmail\nevents=PROCESS_STATE_EXIT", complaint: "Unknown event"),
        Fault(lines: "command=/bin/sh -c 'exec crashmale'", complaint: "exit status 127"),
        Fault(lines: "command=/bin/sh -c 'echo hi; exec crashmail'", complaint: "UNKNOWN state"),
    ])
    func `a broken excerpt is detected`(fault: Fault) throws {
        let events = fault.lines.contains("events=") ? "" : "events=PROCESS_STATE_EXITED\n"
        let text = "[eventlistener:x]\n\(fault.lines)\n\(events)startsecs=0\n"
        let error = #expect(throws: TestFailure.self) {
            try Self.play(ShownConfiguration("fault", text: text))
        }
        let words = error.map { "\($0)" } ?? ""
        #expect(words.contains(fault.complaint))
    }

    /// Throws unless supervisord accepts the configuration and all its programs run.
    private static func play(_ shown: ShownConfiguration) throws {
        try checkKeys(shown)
        let supervisord = try Supervisord(.current, as: shown)
        let listeners = Set(shown.sections.compactMap { $0.name(as: "eventlistener") })
        func fail(_ what: String) -> TestFailure {
            TestFailure("\(shown): \(what)\n\(supervisord.output)")
        }
        try eventually("all of \(shown) to run") {
            let output = supervisord.output
            // Each of these explains an invalid configuration.
            for sign in [" exited: ", " ERRO ", " WARN ", "spawnerr", "UNKNOWN state"] {
                guard !output.contains(sign) else { throw fail("supervisord says\(sign)") }
            }
            return try supervisord.processes().allSatisfy { process in
                switch process.statename {
                case "STOPPED": return true  // which has autostart=false
                case "STARTING", "RUNNING": break
                case let other: throw fail("\(process.name) is \(other)")
                }
                return !listeners.contains(process.group)
                    || output.contains("\(process.name): ACKNOWLEDGED -> READY")
            }
        }
    }

    /// supervisord ignores unknown keys.
    private static func checkKeys(_ shown: ShownConfiguration) throws {
        for section in shown.sections {
            for key in section.values.keys where !supervisordSources.contains("'\(key)'") {
                throw TestFailure("\(shown): [\(section.name)] has no \(key)=")
            }
        }
    }

    private static let supervisordSources = (try? Supervisord.sources(.current)) ?? ""
}
