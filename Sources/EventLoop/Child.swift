internal import CLinux
internal import Glibc
internal import System

/// A running child process: writes its input, collects its output, and kills it at its deadline.
final class Child {
    let identifier: pid_t
    let endsWithParent: Bool
    private(set) var isReported = false

    private unowned let loop: PollLoop
    private let limit: Int
    private let progress: (([UInt8]) -> Void)?
    private let completion: (ChildReport) -> Void
    private var pendingInput: ArraySlice<UInt8>
    private var input: Descriptor?
    private var output: Descriptor?
    private var diagnostics: Descriptor?
    private var outputBytes: [UInt8] = []
    private var diagnosticsBytes: [UInt8] = []
    private var isCut = false
    private let isWorker: Bool
    private var processDescriptor: Descriptor?
    private var watches: [PollLoop.Watch] = []
    private var timer: PollLoop.Timer?

    /// How often the child is polled on kernels without `pidfd_open`.
    private static let lookInterval = Duration.milliseconds(50)

    /// Starts a child.
    init(
        _ program: ChildProgram, input bytes: [UInt8], deadline: Duration, limit: Int,
        endsWithParent: Bool, loop: PollLoop, progress: (([UInt8]) -> Void)? = nil,
        completion: @escaping (ChildReport) -> Void
    ) throws(SystemError) {
        let inputPipe = try Pipe()
        let outputPipe: Pipe
        let diagnosticsPipe: Pipe?
        do throws(SystemError) {
            outputPipe = try Pipe()
        } catch {
            inputPipe.close()
            throw error
        }
        do throws(SystemError) {
            diagnosticsPipe =
                switch program {
                case .worker, .joinedCommand: nil
                case .shell, .command: try Pipe()
                }
        } catch {
            inputPipe.close()
            outputPipe.close()
            throw error
        }

        let shared: Descriptor
        if case .joinedCommand = program {
            shared = outputPipe.writing
        } else {
            shared = .standardError
        }
        do throws(SystemError) {
            identifier = try Self.start(
                program, input: inputPipe.reading, output: outputPipe.writing,
                diagnostics: diagnosticsPipe?.writing ?? shared)
        } catch {
            inputPipe.close()
            outputPipe.close()
            diagnosticsPipe?.close()
            throw error
        }
        inputPipe.reading.close()
        outputPipe.writing.close()
        diagnosticsPipe?.writing.close()

        self.loop = loop
        self.limit = limit
        isWorker = if case .worker = program { true } else { false }
        self.endsWithParent = endsWithParent
        self.progress = progress
        self.completion = completion
        self.input = inputPipe.writing
        self.output = outputPipe.reading
        self.diagnostics = diagnosticsPipe?.reading
        pendingInput = bytes[...]
        watchPipes()
        watchEnd()
        timer = loop.after(deadline) { [weak self] in self?.passDeadline() }
    }

    // MARK: The pipes

    private func watchPipes() {
        for descriptor in [input, output, diagnostics] { descriptor?.setNonBlocking() }
        feed()
        if let input {
            watches.append(loop.watch(input, for: .writing) { [weak self] in self?.feed() })
        }
        for descriptor in [output, diagnostics].compactMap({ $0 }) {
            watches.append(loop.watch(descriptor, for: .reading) { [weak self] in self?.drain() })
        }
    }

    private func feed() {
        guard let input else { return }
        let count = pendingInput.isEmpty ? 0 : input.writeSome(pendingInput)
        pendingInput = pendingInput.dropFirst(count ?? pendingInput.count)
        // A child that does not read its input has not failed: its exit status shows whether it did
        // its work.
        guard pendingInput.isEmpty else { return }
        close(&self.input)
    }

    /// Reads what is available, but a limited number of times: a child can write as fast as we
    /// read.
    private func drain(reads: Int = 1) {
        for _ in 0..<reads {
            let count = outputBytes.count
            if collect(from: &output, into: &outputBytes) { isCut = true }
            if outputBytes.count > count { progress?(Array(outputBytes[count...])) }
            _ = collect(from: &diagnostics, into: &diagnosticsBytes)
        }
    }

    /// Reads once; what is beyond the limit is dropped, so that a talkative child never waits for
    /// us.
    ///
    /// - Returns: Whether something was dropped.
    private func collect(
        from descriptor: inout Descriptor?, into bytes: inout [UInt8]
    ) -> Bool {
        switch descriptor?.read() {
        case .bytes(let more):
            let room = limit - bytes.count
            bytes.append(contentsOf: more.prefix(room))
            return more.count > room
        case .end: close(&descriptor)
        case .nothingYet, nil: break
        }
        return false
    }

    private func close(_ descriptor: inout Descriptor?) {
        guard let open = descriptor else { return }
        watches.filter { $0.descriptor == open }.forEach(loop.cancel)
        watches.removeAll { $0.descriptor == open }
        open.close()
        descriptor = nil
    }

    // MARK: The end

    private func watchEnd() {
        let descriptor = clinux_process_descriptor(identifier)
        guard descriptor >= 0 else { return lookAgain() }
        let watched = Descriptor(rawValue: descriptor)
        processDescriptor = watched
        watches.append(loop.watch(watched, for: .reading) { [weak self] in self?.reap() })
    }

    private func lookAgain() {
        loop.after(Self.lookInterval) { [weak self] in
            guard let self, !reap() else { return }
            lookAgain()
        }
    }

    /// Checks without blocking whether the child has ended.
    ///
    /// - Returns: Whether it has been reaped.
    @discardableResult
    private func reap() -> Bool {
        var status: Int32 = 0
        let reaped = unsafe waitpid(identifier, &status, WNOHANG)
        guard reaped != 0 else { return false }
        let code = errno
        close(&processDescriptor)
        report(reaped < 0 ? .unknown(SystemError(Self.loss, code: code)) : Self.end(status))
        loop.forget(self)
        return true
    }

    /// If another part of the program has reaped the child.
    private static let loss = "cannot get the exit status of a process"

    private static func end(_ status: Int32) -> ChildReport.End {
        clinux_exited(status) != 0
            ? .exited(clinux_exit_status(status)) : .signalled(clinux_term_signal(status))
    }

    /// Kills the child and its process group, and the commands that it runs in groups of their own.
    func kill() {
        if isWorker {
            // A stopped worker starts no more of them.
            _ = Glibc.kill(identifier, SIGSTOP)
            for command in Self.children(of: identifier) { _ = Glibc.kill(-command, SIGKILL) }
        }
        _ = Glibc.kill(-identifier, SIGKILL)
        // The child may not have created its process group yet.
        _ = Glibc.kill(identifier, SIGKILL)
    }

    /// The processes that a process has started (proc_pid_task(5), `children`).
    private static func children(of process: pid_t) -> [pid_t] {
        let path = "/proc/\(process)/task/\(process)/children"
        guard let list = try? Descriptor.contents(of: path) else { return [] }
        return String(decoding: list, as: UTF8.self).split(separator: " ").compactMap { pid_t($0) }
    }

    /// Reports at once rather than when the child is reaped: a child that hangs in the kernel never
    /// is.
    private func passDeadline() {
        kill()
        report(.timedOut)
    }

    private func report(_ end: ChildReport.End) {
        guard !isReported else { return }
        isReported = true
        if let timer { loop.cancel(timer) }
        drain(reads: 5)  // a full pipe, 64 KiB
        // A grandchild may keep the pipes open indefinitely; its output is not needed.
        close(&input)
        close(&output)
        close(&diagnostics)
        if isCut && isWorker { loop.onLoss(limit) }
        completion(
            ChildReport(
                end: end, output: outputBytes, diagnostics: diagnosticsBytes, isCut: isCut))
    }

    // MARK: The start

    private static func start(
        _ program: ChildProgram, input: Descriptor, output: Descriptor, diagnostics: Descriptor
    ) throws(SystemError) -> pid_t {
        switch program {
        case .shell(let line):
            return try spawn(["/bin/sh", "-c", line], input, output, diagnostics)
        case .command(let arguments), .joinedCommand(let arguments):
            return try spawn(arguments, input, output, diagnostics)
        case .worker(let work):
            let identifier = clinux_fork()
            guard identifier >= 0 else { throw SystemError("cannot start a process") }
            guard identifier == 0 else { return identifier }
            clinux_detach(input.rawValue, output.rawValue, diagnostics.rawValue)
            _ = signal(SIGPIPE, SIG_IGN)
            // Skips exit handlers and buffers: they belong to the parent.
            _exit(work())
        }
    }

    private static func spawn(
        _ arguments: [String], _ input: Descriptor, _ output: Descriptor, _ diagnostics: Descriptor
    ) throws(SystemError) -> pid_t {
        guard let name = arguments.first else {
            throw SystemError("cannot run an empty command", code: ENOENT)
        }
        let argv = unsafe arguments.map { unsafe strdup($0) } + [nil]
        defer { unsafe argv.forEach { unsafe free($0) } }
        var identifier: pid_t = 0
        let code = unsafe clinux_spawn(
            argv, input.rawValue, output.rawValue, diagnostics.rawValue, &identifier)
        guard code == 0 else { throw SystemError("cannot run \(name)", code: code) }
        return identifier
    }
}
