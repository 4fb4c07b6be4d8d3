internal import Curl
internal import System

/// A client of supervisord's XML-RPC interface (Supervisor manual, chapter XML-RPC API).
///
/// Each call blocks until the response is complete or its timeout has passed, and uses its own
/// connection, because idle connections break when supervisord reloads. The process should ignore
/// SIGPIPE.
public struct SupervisorClient: Sendable {
    /// The timeout of calls that make supervisord wait for a process.
    private static let longTimeout = Duration.seconds(60)

    private let server: ServerURL
    private let transport: Transport

    /// Creates a client.
    ///
    /// - Parameters:
    ///   - server: The URL of supervisord.
    ///   - username: The user name, as in SUPERVISOR_USERNAME; that of the URL when nil or empty.
    ///   - password: The password, as in SUPERVISOR_PASSWORD.
    ///   - caFile: The certificate authorities to trust for `https`, a file in PEM format; nil for
    ///     the system's.
    public init(
        server: ServerURL, username: String? = nil, password: String? = nil, caFile: String? = nil
    ) {
        self.server = server
        var credentials = server.credentials
        if let username, !username.isEmpty {
            credentials = Credentials(user: username, password: password ?? "")
        }
        transport = Transport(
            to: server, credentials: credentials,
            authorities: CertificateAuthorities(file: caFile))
    }

    /// Returns all processes.
    ///
    /// - Parameter timeout: The timeout for the whole call.
    /// - Returns: The processes in supervisord's order.
    /// - Throws: `RPCError`.
    public func getAllProcessInfo(
        timeout: Duration = .seconds(10)
    ) throws(RPCError) -> [SupervisedProcess] {
        let values = try call("supervisor.getAllProcessInfo", timeout: timeout).array
        guard let values else {
            throw .invalidResponse("\(server) returned no array for getAllProcessInfo")
        }
        var infos: [SupervisedProcess] = []
        infos.reserveCapacity(values.count)
        for value in values { infos.append(try info(value)) }
        return infos
    }

    /// Returns one process.
    ///
    /// - Parameter name: `name` or `group:name`.
    /// - Returns: The process.
    /// - Throws: `RPCError`, `.fault` with `FaultCode.badName` when it does not exist.
    public func getProcessInfo(_ name: String) throws(RPCError) -> SupervisedProcess {
        try info(try call("supervisor.getProcessInfo", [.string(name)]))
    }

    /// Returns several processes with one request: each request waits for supervisord's next turn,
    /// which takes long when it is busy.
    ///
    /// It uses `system.multicall` (Supervisor manual, "System Methods"), which the Go
    /// implementation does not have.
    ///
    /// - Parameter names: The names, `name` or `group:name`.
    /// - Returns: The processes in the same order; nil for those that do not exist.
    /// - Throws: `RPCError`.
    public func getProcessInfo(_ names: [String]) throws(RPCError) -> [SupervisedProcess?] {
        let calls = names.map { name in
            XMLRPCValue.structure([
                .init("methodName", .string("supervisor.getProcessInfo")),
                .init("params", .array([.string(name)])),
            ])
        }
        let values = try call("system.multicall", [.array(calls)]).array
        guard let values, values.count == names.count else {
            throw .invalidResponse("\(server) returned no array for system.multicall")
        }
        var infos: [SupervisedProcess?] = []
        for value in values { infos.append(try optionalInfo(value)) }
        return infos
    }

    /// The result of one of several calls, which supervisord does not put into an array of its own.
    private func optionalInfo(_ value: XMLRPCValue) throws(RPCError) -> SupervisedProcess? {
        guard let code = value["faultCode"]?.int else {
            return try info(value.array?.first ?? value)
        }
        let text = value["faultString"]?.string ?? ""
        let fault = Fault(code: FaultCode(rawValue: code), message: text).numbered
        guard fault.code == .badName else { throw .fault(fault) }
        return nil
    }

    /// Stops a process.
    ///
    /// - Parameters:
    ///   - name: `name` or `group:name`.
    ///   - waits: Whether to wait until it has ended, at most 60 seconds.
    /// - Throws: `RPCError`, `.fault` with `FaultCode.notRunning` when it is not running.
    public func stopProcess(_ name: String, wait waits: Bool = true) throws(RPCError) {
        _ = try call(
            "supervisor.stopProcess", [.string(name)] + (waits ? [] : [.bool(false)]),
            timeout: Self.longTimeout)
    }

    /// Starts a process.
    ///
    /// - Parameters:
    ///   - name: `name` or `group:name`.
    ///   - waits: Whether to wait until it counts as running, at most 60 seconds.
    /// - Throws: `RPCError`, `.fault` with `FaultCode.alreadyStarted` when it is already running.
    public func startProcess(_ name: String, wait waits: Bool = true) throws(RPCError) {
        _ = try call(
            "supervisor.startProcess", [.string(name)] + (waits ? [] : [.bool(false)]),
            timeout: Self.longTimeout)
    }

    /// Sends a signal to a process.
    ///
    /// - Parameters:
    ///   - name: `name` or `group:name`.
    ///   - signal: A name such as `HUP`, or a number.
    /// - Throws: `RPCError`, `.fault` with `FaultCode.badSignal` when there is no such signal.
    public func signalProcess(_ name: String, _ signal: String) throws(RPCError) {
        _ = try call("supervisor.signalProcess", [.string(name), .string(signal)])
    }

    /// Returns supervisord's `identifier=`.
    ///
    /// - Returns: The identifier, `supervisor` unless it was changed.
    /// - Throws: `RPCError`.
    public func getIdentification() throws(RPCError) -> String {
        let value = try call("supervisor.getIdentification")
        guard let text = value.string else {
            throw .invalidResponse("\(server) returned no text for getIdentification")
        }
        return text
    }

    /// Returns the state of supervisord itself.
    ///
    /// - Returns: The state.
    /// - Throws: `RPCError`.
    public func getState() throws(RPCError) -> SupervisorState {
        let value = try call("supervisor.getState")
        guard let code = value["statecode"]?.int else {
            throw .invalidResponse("\(server) returned no state for getState")
        }
        return SupervisorState(code: code, name: value["statename"]?.string ?? "")
    }

    /// Returns the end of a process's standard output log.
    ///
    /// The call is repeated up to three times if supervisord cannot decode the text.
    ///
    /// - Parameters:
    ///   - name: `name` or `group:name`.
    ///   - bytes: The maximum number of bytes.
    ///   - end: The size of the log to read up to, in bytes; later output is omitted.
    /// - Returns: The text; invalid UTF-8 is replaced, and control characters are omitted.
    /// - Throws: `RPCError`, `.fault` with `FaultCode.noFile` when it has no log.
    public func readProcessStdoutLog(
        _ name: String, last bytes: Int, upTo end: Int? = nil
    ) throws(RPCError) -> String {
        try self.end(of: "supervisor.readProcessStdoutLog", [.string(name)], bytes, before: end)
    }

    /// Returns the end of a process's standard error log.
    ///
    /// The call is repeated up to three times if supervisord cannot decode the text.
    ///
    /// - Parameters:
    ///   - name: `name` or `group:name`.
    ///   - bytes: The maximum number of bytes.
    ///   - end: The size of the log to read up to, in bytes; later output is omitted.
    /// - Returns: The text; invalid UTF-8 is replaced, and control characters are omitted.
    /// - Throws: `RPCError`, `.fault` with `FaultCode.noFile` when it has no log.
    public func readProcessStderrLog(
        _ name: String, last bytes: Int, upTo end: Int? = nil
    ) throws(RPCError) -> String {
        try self.end(of: "supervisor.readProcessStderrLog", [.string(name)], bytes, before: end)
    }

    /// Returns the end of supervisord's own log.
    ///
    /// The call is repeated up to three times if supervisord cannot decode the text.
    ///
    /// - Parameter bytes: The maximum number of bytes.
    /// - Returns: The text; invalid UTF-8 is replaced, and control characters are omitted.
    /// - Throws: `RPCError`, `.fault` with `FaultCode.noFile` when it has no log.
    public func readLog(last bytes: Int) throws(RPCError) -> String {
        try end(of: "supervisor.readLog", [], bytes)
    }

    /// Calls any method.
    ///
    /// A method whose name begins with `get` only reads, and is repeated once if the connection
    /// breaks before the response.
    ///
    /// - Parameters:
    ///   - method: The method's name, such as `supervisor.getState`.
    ///   - parameters: The parameters.
    ///   - timeout: The timeout for the whole call, from the name lookup to the last byte.
    /// - Returns: The result.
    /// - Throws: `RPCError`.
    public func call(
        _ method: String, _ parameters: [XMLRPCValue] = [], timeout: Duration = .seconds(10)
    ) throws(RPCError) -> XMLRPCValue {
        let body = MethodCall(method, parameters).xml
        let response: HTTPResponse
        do throws(ExchangeError) {
            response = try post(body, within: timeout, isRepeatable: Self.onlyAsks(method))
        } catch {
            throw RPCError(error, server: server, timeout: timeout)
        }
        return try read(response)
    }

    private static func onlyAsks(_ method: String) -> Bool {
        method.split(separator: ".").last?.hasPrefix("get") == true
    }

    private func post(
        _ body: [UInt8], within timeout: Duration, isRepeatable: Bool
    ) throws(ExchangeError) -> HTTPResponse {
        let start = Instant.now
        do {
            return try transport.post(body, within: timeout)
        } catch {
            let rest = timeout - (.now - start)
            guard case .brokenOff = error, isRepeatable, rest > .zero else { throw error }
            return try transport.post(body, within: rest)
        }
    }

    private func read(_ response: HTTPResponse) throws(RPCError) -> XMLRPCValue {
        switch response.status {
        case 200: break
        case 401: throw .unauthorized
        case 404:
            throw .invalidResponse(
                "\(server) returned 404 \(response.reason): check the address of supervisord")
        default: throw .invalidResponse("\(server) returned \(response.status) \(response.reason)")
        }
        let answer: MethodResponse
        do {
            answer = try MethodResponse(response.body)
        } catch {
            throw .invalidResponse("\(server) returned no valid XML-RPC response: \(error)")
        }
        switch answer {
        case .value(let value): return value
        case .fault(let fault): throw .fault(fault.numbered)
        }
    }

    private func info(_ value: XMLRPCValue) throws(RPCError) -> SupervisedProcess {
        do {
            return try SupervisedProcess(value)
        } catch {
            throw .invalidResponse("\(server) returned \(error)")
        }
    }

    /// Returns the end of a log with a negative offset, because the `tail…` methods of the Go
    /// implementation read from the start.
    private func end(
        of method: String, _ parameters: [XMLRPCValue], _ bytes: Int, before end: Int? = nil
    ) throws(RPCError) -> String {
        var reach = bytes
        while true {
            // With an offset that is not negative, a length of 0 would return the rest of the log.
            let part = end.map { end in (max(0, end - reach), max(1, min(end, reach))) }
            let (offset, length) = part ?? (-reach, 0)
            do throws(RPCError) {
                let value = try call(method, parameters + [.int(offset), .int(length)])
                guard let text = value.string else {
                    throw .invalidResponse("\(server) returned no text for \(method)")
                }
                return text
            } catch {
                // supervisord fails if the offset is within a character, which has at most four
                // bytes.
                guard case .invalidResponse = error, reach < bytes + 3 else { throw error }
                reach += 1
            }
        }
    }
}
