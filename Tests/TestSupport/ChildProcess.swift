import Foundation

/// A process with pipes for stdin and stdout and a file for stderr; killed with its descendants on
/// deinit.
///
/// All our descriptors are closed in other children, so that closing a pipe is seen as the end of
/// input however many tests run at once.
package final class ChildProcess {
    package let pid: Int32
    private let name: String
    private let directory: TemporaryDirectory
    private var input: Int32?
    private var output: Int32
    private var unread: [UInt8] = []
    private var status: Ending?

    /// Starts a program by its path; `environment` is its whole environment.
    package init(_ command: [String], environment: [String: String] = ChildProcess.environment())
        throws
    {
        signal(SIGPIPE, SIG_IGN)
        name = command.first ?? ""
        directory = try TemporaryDirectory()
        let inputPipe = try Pipe(directory.path("stdin"))
        let outputPipe = try Pipe(directory.path("stdout"))
        let errors = open(
            directory.path("stderr"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        defer {
            for descriptor in [inputPipe.reading, outputPipe.writing, errors] { close(descriptor) }
        }
        do {
            pid = try Self.spawn(
                command, environment: environment,
                descriptors: [inputPipe.reading, outputPipe.writing, errors])
        } catch {
            for descriptor in [inputPipe.writing, outputPipe.reading] { close(descriptor) }
            throw error
        }
        for descriptor in [inputPipe.writing, outputPipe.reading] {
            _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        }
        input = inputPipe.writing
        output = outputPipe.reading
    }

    deinit {
        kill()
        closeInput()
        close(output)
    }

    /// The test's environment without the variables that configure listeners, plus the given ones.
    package static func environment(adding own: [String: String] = [:]) -> [String: String] {
        let inherited = ProcessInfo.processInfo.environment.filter { name, _ in
            !name.hasPrefix("SUPERVISOR_") && !name.hasPrefix("SUPERLANCE_")
                && !name.lowercased().hasSuffix("_proxy")
                && !["CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR"].contains(name)
        }
        return inherited.merging(own) { _, new in new }
    }

    /// Runs a program, waits for it and returns its stdout; throws unless its exit status is 0.
    @discardableResult
    package static func run(_ command: [String], within duration: Duration = patience) throws
        -> [UInt8]
    {
        let child = try ChildProcess(command)
        child.closeInput()
        let output = try child.readToEnd(within: duration)
        let status = try child.waitForExit(within: duration)
        guard status == .exited(0) else {
            throw TestFailure(
                "\(command.joined(separator: " ")): \(status)\n\(child.standardError)")
        }
        return output
    }

    /// Everything written to stderr so far.
    package var standardError: String { directory.read("stderr") }

    // MARK: Input and output

    /// Writes to its stdin.
    ///
    /// - Throws: ``TestFailure`` if it does not read everything.
    package func write(_ bytes: some Sequence<UInt8>, within duration: Duration = patience) throws {
        guard try offer(bytes, within: duration) else {
            throw TestFailure("\(name): it closed its stdin")
        }
    }

    /// Writes to its stdin until it has read everything, or has closed its stdin or ended.
    ///
    /// - Returns: Whether everything was written.
    @discardableResult
    package func offer(
        _ bytes: some Sequence<UInt8>, within duration: Duration = patience
    ) throws -> Bool {
        guard let input else { throw TestFailure("\(name): stdin is closed") }
        let deadline = Deadline(in: duration)
        var rest = ArraySlice(Array(bytes))
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(input, $0.baseAddress, $0.count) }
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                try wait(for: POLLOUT, on: input, deadline, "room in stdin")
            } else if errno == EPIPE {
                return false
            } else if errno != EINTR {
                throw TestFailure("\(name): write: \(String(cString: strerror(errno)))")
            }
        }
        return true
    }

    /// Closes its stdin.
    package func closeInput() {
        if let input { close(input) }
        input = nil
    }

    /// Closes our end of its stdout, so that its writes fail.
    package func closeOutput() {
        close(output)
        output = -1
    }

    /// Reads the given number of bytes of its stdout.
    package func read(_ count: Int, within duration: Duration = patience) throws -> [UInt8] {
        let deadline = Deadline(in: duration)
        while unread.count < count {
            guard try readMore(deadline, "\(count) bytes") else {
                throw TestFailure("\(name): stdout ended after \(text(unread)); \(standardError)")
            }
        }
        defer { unread.removeFirst(count) }
        return Array(unread.prefix(count))
    }

    /// Reads a line of its stdout; the line feed is not returned.
    package func readLine(within duration: Duration = patience) throws -> String {
        let deadline = Deadline(in: duration)
        while true {
            if let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
                defer { unread.removeSubrange(...end) }
                return String(decoding: unread[..<end], as: UTF8.self)
            }
            guard try readMore(deadline, "a line") else {
                throw TestFailure("\(name): stdout ended after \(text(unread)); \(standardError)")
            }
        }
    }

    /// Reads the rest of its stdout until all writers have closed it.
    package func readToEnd(within duration: Duration = patience) throws -> [UInt8] {
        let deadline = Deadline(in: duration)
        while try readMore(deadline, "the end of stdout") {}
        defer { unread = [] }
        return unread
    }

    /// Returns its unread stdout without waiting.
    package func readAvailable() throws -> [UInt8] {
        while isReadable, try readMore(Deadline(in: .zero), "nothing") {}
        defer { unread = [] }
        return unread
    }

    // MARK: Exit

    /// Sends a signal unless it has exited.
    package func send(signal: Int32) {
        if !hasExited { _ = Glibc.kill(pid, signal) }
    }

    /// Whether it has exited.
    package var hasExited: Bool {
        if status == nil {
            var raw: Int32 = 0
            if waitpid(pid, &raw, WNOHANG) == pid { status = Ending(rawStatus: raw) }
        }
        return status != nil
    }

    /// Waits until it has exited, and returns how.
    package func waitForExit(within duration: Duration = patience) throws -> Ending {
        try eventually("the end of \(name), whose stderr is: \(standardError)", within: duration) {
            hasExited ? status : nil
        }
    }

    /// Kills it and its descendants.
    package func kill() {
        guard !hasExited else { return }
        let below = ProcessTree.descendants(of: pid)
        for process in [pid] + below { _ = Glibc.kill(process, SIGKILL) }
        var raw: Int32 = 0
        while waitpid(pid, &raw, 0) == -1 && errno == EINTR {}
        status = Ending(rawStatus: raw)
    }
}

extension ChildProcess {
    /// Both ends of a pipe that no other child inherits.
    private struct Pipe {
        let reading: Int32
        let writing: Int32

        /// Creates a named pipe: unlike pipe(2), its ends are close-on-exec from the start, and
        /// Swift does not export pipe2(2).
        init(_ path: String) throws {
            guard
                mkfifo(path, 0o600) == 0,
                case let reading = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC), reading >= 0,
                case let writing = open(path, O_WRONLY | O_CLOEXEC), writing >= 0
            else { throw TestFailure("\(path): \(String(cString: strerror(errno)))") }
            _ = fcntl(reading, F_SETFL, 0)
            (self.reading, self.writing) = (reading, writing)
        }
    }

    /// Starts a program with these descriptors as 0, 1 and 2.
    private static func spawn(
        _ command: [String], environment: [String: String], descriptors: [Int32]
    ) throws -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (number, descriptor) in descriptors.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(number))
        }

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        // What runs in the background of a script has inherited that SIGINT and SIGQUIT are
        // ignored, under nohup SIGHUP.
        for signal in [SIGHUP, SIGPIPE, SIGINT, SIGQUIT] { sigaddset(&signals, signal) }
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        let arguments = command.map { strdup($0) } + [nil]
        let variables = environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { for pointer in arguments + variables { free(pointer) } }
        var pid: Int32 = 0
        let error = posix_spawn(&pid, command[0], &actions, &attributes, arguments, variables)
        guard error == 0 else {
            throw TestFailure("\(command[0]): \(String(cString: strerror(error)))")
        }
        return pid
    }

    private var isReadable: Bool {
        var request = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
        return poll(&request, 1, 0) > 0
    }

    private func wait(
        for event: Int32, on descriptor: Int32, _ deadline: Deadline, _ what: String
    ) throws {
        var request = pollfd(fd: descriptor, events: Int16(event), revents: 0)
        guard poll(&request, 1, deadline.milliseconds) == 0, deadline.hasPassed else { return }
        throw TestFailure(
            "\(name): waited in vain for \(what); got \(text(unread)); stderr: \(standardError)")
    }

    /// Reads available bytes, and waits for some; returns false at the end.
    private func readMore(_ deadline: Deadline, _ what: String) throws -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = Glibc.read(output, &buffer, buffer.count)
            if count >= 0 {
                unread += buffer.prefix(count)
                return count > 0
            }
            guard errno == EAGAIN || errno == EINTR else {
                throw TestFailure("\(name): read: \(String(cString: strerror(errno)))")
            }
            try wait(for: POLLIN, on: output, deadline, what)
        }
    }

    private func text(_ bytes: [UInt8]) -> String {
        String(reflecting: String(decoding: bytes, as: UTF8.self))
    }
}
