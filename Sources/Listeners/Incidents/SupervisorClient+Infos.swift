internal import ListenerProtocol
internal import SupervisorRPC

extension SupervisorClient {
    /// How many processes to ask for at once: supervisord answers a request without a pause.
    static let mostInfos = 25

    /// Requests the current data of processes; nil for those that a reload has removed.
    ///
    /// - Parameter processes: The processes, at most ``mostInfos``.
    /// - Returns: Their data, in the same order.
    /// - Throws: ``RPCError``.
    func infos(of processes: [ProcessName]) throws(RPCError) -> [SupervisedProcess?] {
        if processes.count > 1 {
            do {
                return try getProcessInfo(processes.map(\.qualifiedName))
            } catch {
                // The Go implementation and proxies may not know the method.
                guard error.isAboutMethod else { throw error }
            }
        }
        var infos: [SupervisedProcess?] = []
        for process in processes { infos.append(try info(of: process)) }
        return infos
    }

    /// Requests the current data of a process; nil if a reload has removed it.
    private func info(of process: ProcessName) throws(RPCError) -> SupervisedProcess? {
        do {
            return try getProcessInfo(process.qualifiedName)
        } catch {
            guard case .fault(let fault) = error, fault.code == .badName else { throw error }
            return nil
        }
    }
}

extension RPCError {
    /// Whether supervisord has responded, and is not shutting down: another method may succeed.
    fileprivate var isAboutMethod: Bool {
        switch self {
        case .fault(let fault): fault.code != .shutdownState
        case .invalidResponse: true
        default: false
        }
    }
}
