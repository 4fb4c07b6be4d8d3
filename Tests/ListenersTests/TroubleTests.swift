// Whether docs/trouble.md and the sources speak of the same lines.

import Foundation
import TestSupport
import Testing

/// The page that people search for a line of the log, against the sources that print it.
///
/// All texts of the sources are taken for lines of the log unless something here says that they go
/// elsewhere. So a line cannot be forgotten, by whatever way it gets into the log.
@Suite struct TroubleTests {
    @Test func `every line that the sources can log is in the page`() throws {
        let wording = try Self.wording.get()
        let shown = try Self.sources.get().values.reduce(into: Set<Int>()) { $0.formUnion($1) }
        for (number, line) in wording.lines.enumerated() where line.saysSomething {
            guard !shown.contains(number) else { continue }
            Issue.record("docs/trouble.md says nothing of \(line)")
        }
    }

    @Test func `every line in the page is one that the sources can log`() throws {
        for (quotation, sources) in try Self.sources.get() {
            #expect(!sources.isEmpty, "nobody says: \(quotation)")
        }
    }

    @Test func `every line of supervisord's in the page is made of its words`() throws {
        let sources = try Supervisord.sources(.current)
        let quotations = try Self.quotations("supervisord's line")
        #expect(!quotations.isEmpty)
        for quotation in quotations {
            // What it puts in: names in capitals, numbers, the levels of brackets.
            for part in quotation.split(separator: /[A-Z]{2,}|\d+|[();]/) {
                let words = part.trimmingCharacters(in: .whitespaces.union(["'"]))
                let isSaid = words.isEmpty || sources.contains(words)
                #expect(isSaid, "supervisord does not say: \(words)")
            }
        }
    }

    @Test func `every text excluded from the page is still in the sources`() throws {
        let literals = try StringLiteral.all(below: "Sources")
        for file in Self.otherFiles { #expect(literals.contains { $0.file == file }, "\(file)") }
        for text in Self.otherTexts {
            #expect(literals.contains { $0.fragments.joined(separator: "…") == text }, "\(text)")
        }
    }

    // MARK: The page

    /// The lines that the page quotes: the code in the first cells of tables with this heading.
    private static func quotations(_ heading: String) throws -> [String] {
        let lines = try Document("docs/trouble.md").text.split(
            separator: "\n", omittingEmptySubsequences: false)
        var quotations: [String] = []
        var isIn = false
        for line in lines {
            if !line.hasPrefix("|") { isIn = false }
            if line.hasPrefix("| \(heading) |") { isIn = true }
            guard isIn, line.hasPrefix("| `"), let end = line.dropFirst(3).firstIndex(of: "`")
            else { continue }
            quotations.append(String(line[line.index(line.startIndex, offsetBy: 3)..<end]))
        }
        return quotations
    }

    // MARK: The sources

    /// The lines of the sources that each quotation of the page shows.
    private static let sources = Result {
        let wording = try Self.wording.get()
        return Dictionary(
            try quotations("line").map { ($0, wording.sources(of: $0)) }, uniquingKeysWith: { $1 })
    }

    /// How lines of the log are worded.
    private static let wording = Result {
        Wording(
            try StringLiteral.all(below: "Sources").filter { literal in
                !["help", "summary"].contains(literal.label)
                    && !literal.file.hasPrefix("Sources/superlance-manual/")
                    && !otherFiles.contains(literal.file)
                    && !otherFolders.contains { literal.file.hasPrefix($0) }
                    && !otherTexts.contains(literal.fragments.joined(separator: "…"))
            })
    }

    /// Files all of whose texts go elsewhere.
    private static let otherFiles: Set<String> = [
        // Into mails and web services
        "Sources/Alerting/Alert/Alert+Sample.swift", "Sources/Alerting/Alert/Diagnostics.swift",
        "Sources/Alerting/Queue/Digest.swift", "Sources/Alerting/Mail/TextMessage.swift",
        "Sources/Alerting/Mail/BodyEncoding.swift", "Sources/Alerting/Mail/MailMessage.swift",
        "Sources/Alerting/Mail/QuotedPrintableEncoding.swift",
        "Sources/Alerting/Web/AlertDocument.swift", "Sources/Alerting/Web/SlackFormat.swift",
        "Sources/Alerting/Web/IncidentList.swift", "Sources/Alerting/Alert/JointState.swift",
        "Sources/Alerting/Alert/StateClause.swift", "Sources/Alerting/Alert/BatchBody.swift",
        "Sources/Alerting/Alert/RepeatedIncident.swift",
        "Sources/Listeners/Flood/FloodSummary.swift",
        "Sources/Alerting/Alert/MassCrash.swift",
        "Sources/Alerting/Alert/Incident+CrashSubject.swift",
        "Sources/Listeners/Incidents/RecoveryReport.swift",
        "Sources/Listeners/FatalExit/FatalExitCause.swift",
        "Sources/Listeners/Incidents/CrashHistory.swift",
        "Sources/Listeners/Incidents/Incident+UnknownReason.swift",
        "Sources/Listeners/Incidents/CrashLookup.swift",
        "Sources/Listeners/Incidents/Aftermath.swift",
        "Sources/Listeners/Incidents/AlertEnd.swift",
        "Sources/Listeners/Incidents/OOMKiller.swift",
        "Sources/Alerting/Alert/LogExcerpt.swift",
        "Sources/Listeners/MemMon/MemoryChart.swift",
        "Sources/Listeners/MemMon/MemoryTrend.swift",
        "Sources/Listeners/HTTPOk/Check/CheckEvidence.swift",
        "Sources/Listeners/HTTPOk/Expectation/Expectation.swift",
        "Sources/Listeners/Incidents/ActiveAlerts.swift",
        "Sources/Listeners/Incidents/AlertEnd.swift",
        "Sources/Alerting/Alert/Incident+Summary.swift",
        // Compared with the log of the Go implementation
        "Sources/Listeners/Incidents/SupervisordLog+Status.swift",
        "Sources/Alerting/Mail/HTMLPage.swift", "Sources/Alerting/Mail/HTMLChart.swift",
        "Sources/Alerting/Web/SlackBlocks.swift", "Sources/Alerting/Web/PagerDutyFormat.swift",
        "Sources/Alerting/Alert/CrashCount.swift", "Sources/Alerting/Alert/Headline.swift",
        "Sources/Alerting/Alert/Incident+Headline.swift",
        "Sources/Alerting/Alert/Diagnostics+Words.swift",
        "Sources/Alerting/Alert/SubjectFormat.swift",
        "Sources/Listeners/HTTPOk/Check/CurlError+Cause.swift",
        "Sources/Listeners/Incidents/LogStream.swift",
        // What superlance doctor says
        "Sources/Listeners/HTTPOk/HTTPOkOptions+Faults.swift",
        // Into whatever text lists names
        "Sources/Text/Array+Abbreviation.swift",
        // To the shell
        "Sources/Alerting/Mail/SendmailCommand.swift",
        "Sources/Listeners/Incidents/LogTail.swift", "Sources/System/GuardedFile.swift",
        // Into metrics
        "Sources/Listeners/Metrics/Metrics.swift", "Sources/Listeners/Metrics/MetricsText.swift",
        // To supervisord, and from its log
        "Sources/SupervisorRPC/MethodCall.swift", "Sources/SupervisorRPC/HTTP/Transport.swift",
        "Sources/ListenerProtocol/Session/ListenerSession.swift",
        "Sources/Listeners/Incidents/SupervisordLog.swift",
        "Sources/Listeners/Incidents/GoHostLog.swift",
        "Sources/SupervisorRPC/Fault+Numbered.swift",
        // Into what --help prints
        "Sources/ContainerInit/InitCommand+Help.swift",
        // Into what --show-config prints
        "Sources/Listeners/Settings/ShownConfiguration.swift",
        // Into what --test-alert prints
        "Sources/Listeners/Settings/SelfCheck.swift",
        "Sources/Listeners/Settings/StorageCheck.swift",
    ]

    /// Folders all of whose texts go elsewhere.
    private static let otherFolders = [
        // To the terminal
        "Sources/Listeners/Commands/",
        // What superlance doctor says of a configuration
        "Sources/SupervisorConfiguration/",
    ]

    /// Single texts that go elsewhere.
    private static let otherTexts: Set<String> = [
        // Words of a server's reply
        "helo", "ehlo", "sender address",
        // The reason why an expression is refused
        "there is no …", "there is no … in brackets", "; write …",
        // After which each process is queried by itself
        "… returned no array for system.multicall",
        // What superlance doctor says of missing events
        "all functions", "failed starts", "detecting a shutdown", "retrying",
        // Subjects
        "Crash alert from supervisord", "Fatal start alert from supervisord",
        "httpok […]: …", "httpok: …", "bad status returned",
        "bad body returned", "… for …", "… ms", "memmon […]: …", "memmon: …",
        "process … restarted",
        "failed to stop process …, will try again", "failed to start process …, will try again",
        "failed to stop process …", "failed to start process …",
        // Headlines, and how it is now
        "… while no listener was running", "FATAL, starting it in …",
        "FATAL, starting it now", "HTTP … instead of …",
        "HTTP …", "HTTP … …", "… after …", "is slow", "needs a new certificate",
        "responds in time again", "has a new certificate",
        "not started: dry run", "not started", "it was …", "could not be started", "… processes",
        "… … over …", "… of …",
        "memory of group … … over …, this process holds …", "is approaching its memory limit",
        "not restarted", "running: dry run", "could not be stopped",
        "running: stop failed: …", "…: stop failed: …", "unknown, the stop was requested: …",
        "may have stopped", "cannot check whether process … has stopped",
        "no longer stops supervisord", "…, within …", "could not be started again",
        "down: start failed, retrying: …", "down: start failed", "in BACKOFF",
        "down: start failed: …", "still failing", "running, … its limit", "renamed to …",
        "running: start failed: …", "running: …", "running: it is healthy again", "stopped by …",
        // The option of an error, which follows
        "URL …",
        "not restarted: …", "…, not restarted", "running, not restarted", "being restarted",
        "running, and fails its checks", "… before …", "…, not started", "is …, not started",
        "… is not started", "down: start failed, retrying", "waiting: …",
        "waiting for its restart", "was stopped", "has exited as expected", "no longer exists",
        "is no longer running", "was started again", "may be restarted again",
        "is no longer checked",
        "running, below its limit",
        "nothing is restarted: …", "… does not exist", "supervisord cannot be reached",
        "exceeded its memory limit", "failed its check", "restarted, after a start that had failed",
        "being restarted again", "a dry run counts … in …", ", and ",
        "… … left alone",
        "still fails after its restart", "is down after its restart", "is … after its restart",
        "limit …", "limit …, in the restart window … (--warn)", "; group … …, limit …",
        "…, limit …",
        "… (--warn in the restart window; limit …)",
        "(FATAL again, attempt …)", "Re: …",
        // Bodies
        "… earlier ones are omitted", "… in group …", "used by … processes…:",
        "used by 1 process…:",
        "may include lines from the next process",
        "may include lines from other processes with the same log",
        "may include lines from earlier processes", "the process wrote nothing to it",
        "  … … (pid …)", "  and … more", "a connection", "exit status 0",
        "stopping supervisord", "… in … unless it recovers", "… at …, …",
        ", and ", "a dry run counts … in …", "being restarted again",
        "… is …", "FATAL again after attempt …", "it is stopping",
        // What superlance doctor says of a channel
        "… is not executable: make it so, or set another command with -s",
        "cannot find …: install it, or set another command with -s", "… does not respond: …",
        "…; check --smtpHost, and whether the server is running",
        "…: add the login to the URL", "…: correct the URL",
        "process … stopped", "… was in … state\n…", "… not started: dry run",
        "process … not restarted: dry run", "gave up on …",
        "memmon stopped the process named … …",
        "memmon would have restarted the process named … …",
        "memmon.py restarted the process named … …",
        "it was consuming too much memory (… bytes …)",
        "its group was consuming too much memory (… bytes …) and it used the most (…)",
        "at … because …", "process … is approaching its limit",
        "bad status returned", "bad body returned", "… is not restarted",
        // From supervisord
        "Exited too quickly",
        // What an option requires, after its name
        "MIN..MAX, such as 1m..1h,", "a time that is not shorter than the first",
        "N or N/M with numbers from 1 to …, such as 3 or 3/5,",
        "a number of checks from … to …", "N or N/TIME, such as 3/1h,",
        "a number of restarts from 1 to 1000 (for none use --action alert)",
        "a signal such as USR1", "SIG or SIG:TIME, such as USR1:5s,", "restart, stop or alert",
        "a number of processes from 1 to 1000",
        "a comma or the end", "a time before 24:00", "hours such as 02:00-05:00",
        "a time other than the start (all day: 00:00-24:00)",
        "a day (mon to sun) or a time (02:00)", "a time from 00:00 to 24:00",
        "a closing quote", "a character after '\\'", "a command",
        "a URL such as https://wiki.example.org/{process}",
        // What separates a day from a time
        "Tt ",
        "N/TIME, such as 5/10m,", "a number of exits from 2 to 1000",
        // What --help says a tool is for
        "Collects crashes and sends them in one mail.",
        "Collects failed starts and sends them in one mail.",
        "Collects crashes and sends them in one mail to an SMS gateway.",
        // Headings of --help
        "Other alert channels",
        // In place of what makes an alert too large
        "…\n\n(…: the ends of logs)", "and … more",
        "…\n\n(…: everything else)",
        "omitted, since the whole alert is too large to be delivered",
        // By which a command or a worker says that an alert is too large
        "too large", "message file too big", "message too big", "message too large",
        "file too large", "message is too large", "message size exceeds", "message size limit",
        "maximum message size", "message length exceeds",
        "… accepts at most … bytes, and the message has …",
        // What to check, after the reason
        "…; check --webhook-template", "check --smtpHost", "install another libcurl",
        "check the server's certificate and --cacert",
        // What the log says is watched, and between channels
        "all processes", " and ", "--main …", "programs …", "groups …", "group totals …",
        // Of which only the code is logged
        "cannot read …/…", "cannot understand …/smaps_rollup",
        // Nobody can ask for it
        "unknown tool …",
        // What supervisord says of a start that it was asked to wait for
        "ABNORMAL_TERMINATION: …",
        // Commands
        "/usr/sbin/sendmail -t -i", "/usr/bin/gcore -o",
        // What is looked for in libcurl's words
        "Expire date:", "not yet valid", "thread failed",
        // What --test-alert calls a channel
        "… to …",
        // What templates are tried with
        "/var/log/a \"log\"", "a \"trial\"\nin two lines",
        // A list of no words, for which the kernel has an error
        "cannot run an empty command",
        // In an SMTP dialogue
        "AUTH ",
        // Before each line of superlance init's, and what it says only with the kernel's words
        "superlance init: …: …\n", "superlance: error: …\n", "no memory",
        // Numbers without words of the C library's
        "error …",
    ]
}

extension Wording.Line: CustomStringConvertible {
    var description: String {
        let text = fixed.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "…")
        return "\(literal.file):\(literal.line): \(text)"
    }
}
