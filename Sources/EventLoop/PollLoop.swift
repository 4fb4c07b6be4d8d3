internal import CLinux
internal import Glibc
public import System

/// The event loop of a resident program: descriptors, timers, children and signals in one thread.
///
/// Handlers run one after the other in the thread that calls ``run()``, so no locks are needed and
/// the order is deterministic in tests. Handlers must return soon; slow work belongs in a child
/// process.
public final class PollLoop {
    /// A handler's registration for a descriptor.
    public struct Watch: Hashable, Sendable {
        let number: Int
        /// The descriptor that is watched.
        public let descriptor: Descriptor
        let readiness: Descriptor.Readiness
    }

    /// A handler's registration for a point in time.
    public struct Timer: Hashable, Sendable {
        let number: Int
        let due: Instant
    }

    /// Called on a request to terminate: SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1 or SIGUSR2.
    public var onTermination: () -> Void = {}

    /// Called when a worker's answer was longer than its limit, in bytes, so that its end is lost.
    public var onLoss: (Int) -> Void = { _ in }

    /// Called each time when no handler has run for ``idleTime``.
    public var onIdle: (() -> Void)?

    /// How long no handler runs before ``onIdle`` is called.
    public var idleTime = Duration.seconds(1)

    /// Whether no handler has run since ``onIdle`` was called.
    private var isIdle = false

    private var handlers: [(watch: Watch, handler: () -> Void)] = []
    /// The descriptors to poll: the signal descriptor first, then those of the handlers.
    private var entries: [pollfd] = []
    private var timers: [(timer: Timer, handler: () -> Void)] = []
    private var children: [Child] = []
    /// Children to start once the current handlers have returned.
    private var launches: [Launch] = []
    private var isStopped = false
    private var count = 0
    private let signals: Descriptor

    /// All signals that `stopsignal=` can name, except SIGKILL.
    private static let endings = [SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2]

    /// Creates a loop and blocks the signals that request termination.
    ///
    /// SIGPIPE and SIGXFSZ are ignored, because writing reports a closed pipe and a size limit.
    /// SIGCHLD is not ignored, even if the parent has ignored it: otherwise the kernel would reap
    /// children itself, and their status would be lost.
    ///
    /// - Throws: ``SystemError`` when no descriptor is available.
    public init() throws(SystemError) {
        var set = sigset_t()
        unsafe sigemptyset(&set)
        for number in Self.endings { unsafe sigaddset(&set, number) }
        unsafe sigprocmask(SIG_BLOCK, &set, nil)
        for number in [SIGPIPE, SIGXFSZ] { _ = signal(number, SIG_IGN) }
        _ = signal(SIGCHLD, SIG_DFL)
        let descriptor = unsafe clinux_signal_descriptor(&set)
        guard descriptor >= 0 else { throw SystemError("cannot receive signals") }
        signals = Descriptor(rawValue: descriptor)
        entries = [pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)]
    }

    deinit {
        signals.close()
    }

    // MARK: Registration

    /// Calls a handler whenever a descriptor is ready.
    ///
    /// - Parameters:
    ///   - descriptor: The descriptor; it must stay open until the watch is cancelled.
    ///   - readiness: The readiness to wait for.
    ///   - handler: Called each time; it must not block.
    /// - Returns: The registration, for ``cancel(_:)-(Watch)``.
    @discardableResult
    public func watch(
        _ descriptor: Descriptor, for readiness: Descriptor.Readiness,
        handler: @escaping () -> Void
    ) -> Watch {
        count += 1
        let watch = Watch(number: count, descriptor: descriptor, readiness: readiness)
        handlers.append((watch, handler))
        entries.append(
            pollfd(fd: descriptor.rawValue, events: readiness.pollEvents, revents: 0))
        return watch
    }

    /// Calls a handler once, after a delay.
    ///
    /// - Parameters:
    ///   - delay: The delay, on the monotonic clock.
    ///   - handler: Called once; it must not block.
    /// - Returns: The registration, for ``cancel(_:)-(Timer)``.
    @discardableResult
    public func after(_ delay: Duration, handler: @escaping () -> Void) -> Timer {
        count += 1
        let timer = Timer(number: count, due: .now + delay)
        timers.append((timer, handler))
        return timer
    }

    /// Replaces a timer by one for a point in time.
    ///
    /// - Parameters:
    ///   - timer: The registration, if there is one; afterwards the new one.
    ///   - time: When to call the handler, at once if it has passed; `nil` for never.
    ///   - handler: Called once; it must not block.
    public func reset(_ timer: inout Timer?, to time: Instant?, handler: @escaping () -> Void) {
        if let timer { cancel(timer) }
        timer = time.map { time in after(max(.zero, time - .now), handler: handler) }
    }

    /// Cancels a watch.
    ///
    /// - Parameter watch: The registration.
    public func cancel(_ watch: Watch) {
        guard let index = handlers.firstIndex(where: { $0.watch == watch }) else { return }
        handlers.remove(at: index)
        entries.remove(at: index + 1)
    }

    /// Cancels a timer; one that has fired is ignored.
    ///
    /// - Parameter timer: The registration.
    public func cancel(_ timer: Timer) {
        timers.removeAll { $0.timer == timer }
    }

    // MARK: Children

    /// A child to start.
    private struct Launch {
        let program: ChildProgram
        let input: [UInt8]
        let deadline: Duration
        let limit: Int
        let endsWithParent: Bool
        let progress: (([UInt8]) -> Void)?
        let completion: (ChildReport) -> Void
    }

    /// Starts a child process once the current handlers have returned, so that their output is not
    /// delayed by a fork.
    ///
    /// The child has only descriptors 0, 1 and 2, its own process group and default signal
    /// handling. It is always reaped.
    ///
    /// - Parameters:
    ///   - program: The program to run.
    ///   - input: The bytes to write to its descriptor 0, which is then closed.
    ///   - deadline: How long it may run before it is killed with its process group.
    ///   - limit: How many bytes of descriptor 1, and of descriptor 2, are kept.
    ///   - endsWithParent: Whether ``killChildren()`` kills it; a child in the middle of a restart
    ///     must not be killed.
    ///   - progress: Called from the loop with each chunk of output that is kept.
    ///   - completion: Called once from the loop when it has ended or could not be started.
    public func start(
        _ program: ChildProgram, input: [UInt8] = [], deadline: Duration,
        limit: Int = 262_144, endsWithParent: Bool = true,
        progress: (([UInt8]) -> Void)? = nil,
        completion: @escaping (ChildReport) -> Void
    ) {
        launches.append(
            Launch(
                program: program, input: input, deadline: deadline, limit: limit,
                endsWithParent: endsWithParent, progress: progress, completion: completion))
    }

    private func launchAll() {
        let due = launches
        launches = []
        for launch in due {
            do throws(SystemError) {
                children.append(try child(of: launch))
            } catch {
                after(.zero) { launch.completion(ChildReport(end: .notStarted(error))) }
            }
        }
    }

    private func child(of launch: Launch) throws(SystemError) -> Child {
        try Child(
            launch.program, input: launch.input, deadline: launch.deadline, limit: launch.limit,
            endsWithParent: launch.endsWithParent, loop: self, progress: launch.progress,
            completion: launch.completion)
    }

    /// Kills the children that must not outlive this program, and starts no more of them.
    public func killChildren() {
        launches.removeAll(where: \.endsWithParent)
        for child in children where child.endsWithParent { child.kill() }
    }

    /// Removes a child that has been reaped.
    func forget(_ child: Child) {
        children.removeAll { $0 === child }
    }

    // MARK: The loop

    /// Polls and calls handlers until ``stop()`` is called.
    public func run() {
        isStopped = false
        while !isStopped { turn() }
        launchAll()
    }

    /// Makes ``run()`` return after the current handler.
    public func stop() {
        isStopped = true
    }

    /// Polls once and calls the handlers that are ready.
    private func turn() {
        launchAll()
        let due = timers.map(\.timer.due).min()
        let idle = isIdle || onIdle == nil ? nil : Instant.now + idleTime
        guard unsafe poll(&entries, nfds_t(entries.count), timeout(until: due, idle)) > 0 else {
            if due.map({ $0 <= .now }) ?? false {
                isIdle = false
                return fireTimers()
            }
            if let idle, idle <= .now {
                isIdle = true
                onIdle?()
            }
            return
        }
        isIdle = false
        let hasSignals = entries[0].revents != 0
        // Handlers may register and cancel others, and themselves.
        let ready = handlers.indices.filter { entries[$0 + 1].revents != 0 }
        for watch in ready.map({ handlers[$0].watch }) {
            handlers.first { $0.watch == watch }?.handler()
            if isStopped { return }
        }
        // Signals come after the descriptors, so that an event that arrived before SIGTERM is still
        // handled.
        if hasSignals { receiveSignals() }
        fireTimers()
    }

    private func timeout(until moments: Instant?...) -> Int32 {
        guard let next = moments.compactMap(\.self).min() else { return -1 }
        return (next - .now).pollTimeout
    }

    private func fireTimers() {
        guard !timers.isEmpty else { return }
        let now = Instant.now
        let due = timers.filter { $0.timer.due <= now }.sorted { $0.timer.due < $1.timer.due }
        for entry in due {
            guard !isStopped else { return }
            // An earlier handler may have cancelled this one.
            guard timers.contains(where: { $0.timer == entry.timer }) else { continue }
            cancel(entry.timer)
            entry.handler()
        }
    }

    private func receiveSignals() {
        var information = signalfd_siginfo()
        let size = MemoryLayout<signalfd_siginfo>.size
        while unsafe read(signals.rawValue, &information, size) == size { onTermination() }
    }
}
