// What must hold of everything that is done with numbers from outside.

import System

@testable import Alerting
@testable import ListenerProtocol
@testable import Listeners
@testable import SupervisorRPC

extension Property {
    /// Each line of the input is taken for a number, wherever one comes from outside.
    ///
    /// Whatever it is, it is refused or a sensible result comes of it, and nothing ends the
    /// process.
    package static let numbers = Property("numbers") { input throws(Violation) in
        let lines = input.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .prefix(100).map(Array.init)
        try requireSerials(lines)
        for line in lines { try requirePages(line) }
        let texts = lines.map { String(decoding: $0, as: UTF8.self) }
        for text in texts {
            try requirePause(text)
            try requireOptions(OptionValue(name: "-x", text: text))
        }
        for (start, end) in zip(texts, texts.dropFirst()) { try requireProcess(start, end) }
    }

    // MARK: Headers

    private static func requireSerials(_ lines: [[UInt8]]) throws(Violation) {
        var gaps = DroppedEventDetector(own: ProcessName(group: "p", name: "p"))
        var repeats = RepeatFilter()
        var greatest = 0
        for line in lines where !line.contains(UInt8(ascii: " ")) {
            let tokens = Array("pool:p eventname:TICK_5 len:0 serial:".utf8) + line
            let text = tokens + Array(" poolserial:".utf8) + line
            guard let header = try? EventHeader(text) else {
                throw Violation(description: "a header whose serial is anything is none")
            }
            let missing = gaps.note(header)
            greatest = max(greatest, header.poolSerial ?? 0)
            try require((0...Int(Int32.max)).contains(missing), "\(missing) events are missing")
            try require(missing <= greatest, "more are missing than were numbered")
            _ = repeats.isRepeat(header)
            let isKnown = header.serial.map { (0..<Int(UInt32.max)).contains($0) } ?? false
            try require(repeats.isRepeat(header), is: isKnown, "what comes again")
        }
        if let notice = gaps.takeNotice() { try requireLine(notice, "a notice") }
    }

    // MARK: Processes

    /// A process that was started at one moment and ended at another one.
    private static func requireProcess(_ start: String, _ end: String) throws(Violation) {
        let members = [
            ("name", "a"), ("start", start), ("stop", end), ("now", end), ("pid", start),
            ("state", end), ("exitstatus", start),
        ]
        let value = XMLRPCValue.structure(
            members.map { XMLRPCValue.Member($0.0, .string($0.1)) })
        guard let info = try? SupervisedProcess(value) else {
            throw Violation(description: "a process whose numbers are anything is none")
        }
        try require(info.start, is: Int(start) ?? 0, "the start")
        let uptime = info.now.subtractingSaturated(info.start)
        let exact = Int128(info.now) - Int128(info.start)
        try require(uptime, is: Int(clamping: exact), "the uptime")
        let violation = LimitViolation(
            process: info.processName, pid: info.pid, size: info.start, limit: info.stop,
            uptime: uptime, holders: "")
        try require(
            LimitViolation(fields: violation.fields), is: violation, "a violation read again")
        try requireKept(info, uptime)
        try requireChart(of: info)
    }

    /// What is told of a process is there again after it was in the spool.
    private static func requireKept(_ info: SupervisedProcess, _ uptime: Int) throws(Violation) {
        var found = Diagnostics()
        found.exitStatus = info.exitStatus
        found.uptime = uptime
        let time = Timestamp(seconds: max(info.start, info.stop), milliseconds: info.pid)
        let alert = Alert(
            subject: nil, body: found.text, time: time,
            incidents: [Incident(.fatal, at: time, message: "x", diagnostics: found)])
        let content = SpoolContent.alert(SpooledAlert(alert, remaining: ["x": ["y"]]))
        try require(SpoolContent(content.bytes), is: content, "an alert in the spool")
        try require(!time.asctime.isEmpty && time.rfc3339.utf8.count == 24, "a moment as text")
        try require(
            AlertmanagerFormat(origin: Origin(tool: "x", host: "h")).body(of: alert, at: time)
                != nil,
            "an alert of any moment cannot be told")
    }

    private static func requireChart(of info: SupervisedProcess) throws(Violation) {
        let samples = [info.start, info.stop, info.now].map {
            MemoryHistory.Sample(time: .now, size: max(0, $0))
        }
        guard let chart = MemoryChart.text(samples, limit: info.start) else { return }
        let lengths = chart.utf8.split(separator: UInt8(ascii: "\n")).dropFirst()
            .map { $0.count { $0 == UInt8(ascii: "#") } }
        try require(lengths.max(), is: 40, "the longest bar")
        try require(lengths.allSatisfy { $0 > 0 }, "a bar of nothing")
    }

    /// `statm` and `stat` of a process.
    private static func requirePages(_ line: [UInt8]) throws(Violation) {
        if let pages = ProcessMemory.pages(inStatm: line) {
            try require(pages >= 0, "\(pages) pages")
            try require(pages.multipliedSaturated(by: 4_096) >= pages, "a size")
        }
        if let parent = ProcessMemory.parent(inStat: line) {
            try require(parent >= 0, "a parent of \(parent)")
        }
        // The kernel writes any name; the parent follows two words later.
        let stat = Array("8 (".utf8) + line + Array(") S 7 1 1 0\n".utf8)
        try require(ProcessMemory.parent(inStat: stat), is: 7, "the parent behind a name")
    }

    // MARK: Servers

    private static func requirePause(_ text: String) throws(Violation) {
        let pause = WebStatus.pause(text, at: Timestamp(seconds: 784_111_700))
        let isNumber = !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
        if isNumber {
            let digits = text.utf8.drop { $0 == UInt8(ascii: "0") }
            let seconds = digits.count > 4 ? 3_600 : Int(String(Substring(digits))) ?? 0
            try require(pause, is: .seconds(min(seconds, 3_600)), "Retry-After")
        }
        guard let pause else { return }
        try require(pause >= .zero && pause <= WebStatus.longestPause, "a pause of \(pause)")
    }

    // MARK: The command line

    private static func requireOptions(_ value: OptionValue) throws(Violation) {
        try requireValue { () throws(UsageError) in
            let size = try value.memorySize()
            return size.bytes(of: .max) >= 0
        }
        try requireValue { () throws(UsageError) in
            let seconds = try value.seconds()
            let end = Instant.now + .seconds(seconds)
            _ = (end - .now).pollTimeout
            return seconds >= 0 && !Diagnostics.duration(seconds).isEmpty
        }
        try requireValue { () throws(UsageError) in
            var batch = Batch(interval: try value.minutes())
            return batch.pass(seconds: .max) || !batch.pass(seconds: 0)
        }
        try requireValue { () throws(UsageError) in
            let tick = try value.tickPeriod()
            var batch = Batch(interval: 0)
            return tick.seconds > 0 && batch.pass(seconds: tick.seconds)
                && batch.pass(seconds: tick.seconds)
        }
        try requireValue { () throws(UsageError) in
            (1...86_400).contains(try value.integer(in: 1...86_400))
        }
        try requireValue { () throws(UsageError) in
            let statuses = try value.httpStatuses()
            return statuses.contains(200) || !statuses.description.isEmpty
        }
        try requireValue { () throws(UsageError) in
            (.milliseconds(1) ... .seconds(86_400)).contains(try value.latency())
        }
    }

    /// A value is sensible, or refused in one line.
    private static func requireValue(
        _ isSensible: () throws(UsageError) -> Bool
    ) throws(Violation) {
        let isRight: Bool
        do throws(UsageError) {
            isRight = try isSensible()
        } catch {
            return try requireLine(error.description, "a usage error")
        }
        try require(isRight, "a value that makes no sense")
    }
}
