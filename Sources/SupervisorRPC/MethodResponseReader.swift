internal import CExpat

/// Parses one response; expat's handlers find this object through their user pointer.
@safe
final class MethodResponseReader {
    /// Whether the response is a fault.
    private(set) var isFault = false

    private let parser: XML_Parser
    private var scopes: [Scope] = []
    private var text: [UInt8] = []
    private var depth = 0
    private var value: XMLRPCValue?
    private var problem: String?

    /// Eight times the depth of supervisord's deepest response.
    private static let depthLimit = 128

    /// An open `<value>`.
    private struct Scope {
        var value: XMLRPCValue?
        var items: [XMLRPCValue]?
        var members: [XMLRPCValue.Member] = []
        var name = ""
    }

    init() throws(ResponseError) {
        // UTF-8 whatever the document declares: invalid bytes have been replaced.
        guard let parser = unsafe XML_ParserCreate("UTF-8") else {
            throw ResponseError("no memory for a parser")
        }
        unsafe self.parser = unsafe parser
    }

    deinit { unsafe XML_ParserFree(parser) }

    /// Parses the bytes; called once.
    func read(_ bytes: [UInt8]) throws(ResponseError) -> XMLRPCValue {
        unsafe XML_SetUserData(parser, Unmanaged.passUnretained(self).toOpaque())
        unsafe XML_SetElementHandler(
            parser,
            { context, name, _ in
                guard let name = unsafe name else { return }
                unsafe MethodResponseReader.of(context)?.start(Element(name))
            },
            { context, name in
                guard let name = unsafe name else { return }
                unsafe MethodResponseReader.of(context)?.end(Element(name))
            })
        unsafe XML_SetCharacterDataHandler(parser) { context, text, count in
            unsafe MethodResponseReader.of(context)?.add(
                UnsafeRawBufferPointer(start: text, count: Int(count)))
        }
        unsafe XML_SetStartDoctypeDeclHandler(parser) { context, _, _, _, _ in
            unsafe MethodResponseReader.of(context)?.stop("a document type declaration")
        }
        unsafe XML_SetEntityDeclHandler(parser) { context, _, _, _, _, _, _, _, _ in
            unsafe MethodResponseReader.of(context)?.stop("an entity declaration")
        }
        let status = unsafe bytes.withUnsafeBytes { buffer in
            unsafe XML_Parse(
                parser, buffer.baseAddress?.assumingMemoryBound(to: CChar.self),
                Int32(clamping: buffer.count), 1)
        }
        if let problem { throw ResponseError(problem) }
        guard status == XML_STATUS_OK else {
            let reason = unsafe String(cString: XML_ErrorString(XML_GetErrorCode(parser)))
            let line = unsafe XML_GetCurrentLineNumber(parser)
            throw ResponseError("\(reason) in line \(line)")
        }
        guard let value else { throw ResponseError("a response without a value") }
        return value
    }

    private func stop(_ reason: String) {
        if problem == nil { problem = reason }
        _ = unsafe XML_StopParser(parser, 0)
    }

    private func start(_ element: Element) {
        depth += 1
        guard depth <= Self.depthLimit else { return stop("elements nested too deeply") }
        if depth == 1, element != .response { return stop("no <methodResponse>") }
        text.removeAll(keepingCapacity: true)
        switch element {
        case .value: scopes.append(Scope())
        case .array: change { $0.items = [] }
        case .fault: isFault = true
        default: break
        }
    }

    private func end(_ element: Element) {
        depth -= 1
        switch element {
        case .value: close()
        case .name: change { $0.name = word }
        case .array: change { $0.value = .array($0.items ?? []) }
        case .structure: change { $0.value = .structure($0.members) }
        case .int:
            guard let number = Int(trimmedWord) else { return stop("an invalid <int>") }
            change { $0.value = .int(number) }
        case .boolean: change { $0.value = .bool(trimmedWord == "1" || trimmedWord == "true") }
        case .double:
            guard let number = Double(trimmedWord) else { return stop("an invalid <double>") }
            change { $0.value = .double(number) }
        case .string: change { $0.value = .string(word) }
        case .null: change { $0.value = .null }
        default: break
        }
    }

    /// Ends a `<value>` and adds it to its parent.
    private func close() {
        guard let scope = scopes.popLast() else { return }
        let value = scope.value ?? .string(word)
        text.removeAll(keepingCapacity: true)
        guard !scopes.isEmpty else {
            if self.value == nil { self.value = value }
            return
        }
        change {
            if $0.items != nil {
                $0.items?.append(value)
            } else {
                $0.members.append(XMLRPCValue.Member($0.name, value))
            }
        }
    }

    private func change(_ body: (inout Scope) -> Void) {
        guard !scopes.isEmpty else { return }
        body(&scopes[scopes.count - 1])
    }

    private func add(_ bytes: UnsafeRawBufferPointer) {
        unsafe text.append(contentsOf: bytes)
    }

    private var word: String { String(decoding: text, as: UTF8.self) }

    private var trimmedWord: String {
        let rest = text.drop { $0 <= 32 }
        let end = rest.lastIndex { $0 > 32 } ?? rest.startIndex - 1
        return String(decoding: rest[..<(end + 1)], as: UTF8.self)
    }

    @unsafe
    private static func of(_ context: UnsafeMutableRawPointer?) -> MethodResponseReader? {
        guard let context = unsafe context else { return nil }
        return unsafe Unmanaged<MethodResponseReader>.fromOpaque(context).takeUnretainedValue()
    }
}
