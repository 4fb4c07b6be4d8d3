// What must hold of an answer of XML-RPC, whatever a server sends.

@testable import ListenerProtocol
@testable import SupervisorRPC

extension Property {
    /// The input is the body of an answer.
    ///
    /// It is a value, a fault or a reason in one line; a value has a bounded depth and survives
    /// being written and read again.
    package static let responses = Property("responses") { input throws(Violation) in
        let response: MethodResponse
        do throws(ResponseError) {
            response = try MethodResponse(input)
        } catch {
            try requireLine(error.description, "a reason")
            return
        }
        switch response {
        case .value(let value):
            try requireBounded(value)
            try requireLasting(value)
            try requireProcesses(in: value)
        case .fault(let fault):
            try requireText(fault.message)
            try requireLine(fault.description, "a fault in Python's words")
        }
    }

    private static func requireBounded(_ value: XMLRPCValue) throws(Violation) {
        // 128 elements, two of which make an array in an array.
        try require(value.depth <= 64, "a value of depth \(value.depth)")
        for text in value.texts { try requireText(text) }
    }

    /// A text holds only characters that XML knows: no control character comes through.
    private static func requireText(_ text: String) throws(Violation) {
        let isClean = text.unicodeScalars.allSatisfy { scalar in
            switch scalar {
            case "\t", "\n", "\r": true
            case "\u{FFFE}", "\u{FFFF}": false
            default: scalar >= " "
            }
        }
        try require(isClean, "a text with what XML cannot carry: \(text.debugDescription)")
    }

    /// Written as a call writes it and read as an answer, a value is the same.
    private static func requireLasting(_ value: XMLRPCValue) throws(Violation) {
        // Written, each step down has one element more than it needs.
        guard value.depth < 42 else { return }
        let xml = written(value)
        let again: MethodResponse
        do throws(ResponseError) {
            again = try MethodResponse(xml)
        } catch {
            throw Violation(description: "what was written cannot be read: \(error)")
        }
        guard case .value(let read) = again else {
            throw Violation(description: "a value that became a fault")
        }
        // What is no number does not equal itself, but is written in the same way.
        try require(written(read), is: xml, "a value read again")
    }

    /// A value as an answer holds it, but written as calls are.
    private static func written(_ value: XMLRPCValue) -> [UInt8] {
        let head = "<?xml version=\"1.0\"?><methodCall><methodName></methodName>"
        let call = MethodCall("", [value]).xml.dropFirst(head.utf8.count)
        return Array("<methodResponse>".utf8) + call.dropLast("</methodCall>".utf8.count)
            + Array("</methodResponse>".utf8)
    }

    private static func requireProcesses(in value: XMLRPCValue) throws(Violation) {
        for value in [value] + (value.array ?? []) {
            guard let info = try? SupervisedProcess(value) else { continue }
            try require(!info.name.isEmpty && !info.group.isEmpty, "a process without a name")
        }
    }
}

extension XMLRPCValue {
    /// How many values are around the innermost one, itself among them.
    fileprivate var depth: Int {
        switch self {
        case .array(let values): 1 + (values.map(\.depth).max() ?? 0)
        case .structure(let members): 1 + (members.map(\.value.depth).max() ?? 0)
        default: 1
        }
    }

    /// All texts in it, the names of members too.
    fileprivate var texts: [String] {
        switch self {
        case .string(let text): [text]
        case .array(let values): values.flatMap(\.texts)
        case .structure(let members): members.flatMap { [$0.name] + $0.value.texts }
        default: []
        }
    }
}
