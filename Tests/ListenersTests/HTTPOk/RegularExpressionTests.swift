import Testing

@testable import Listeners

struct RegularExpressionTests {
    @Test(arguments: [
        ("^ok$", "a\nok\nb", true), ("^ok$", "not ok", false), ("a.c", "a\nc", false),
        ("[0-9]{3}", "x 123", true), ("(up|well)", "all is well", true), ("", "", true),
        ("很好|äöü", "一切都很好", true), ("^.$", "ä", true), ("a", "b\0a", true), ("x", "", false),
        ("^$", "", true), ("(a*)*b", "aaaa", false),
    ])
    func `an expression is found line by line, in any bytes`(
        expression: String, text: String, isFound: Bool
    ) throws {
        #expect(try RegularExpression(expression).isFound(in: Array(text.utf8)) == isFound)
    }

    @Test func `invalid UTF-8 hides nothing that follows`() throws {
        #expect(
            try RegularExpression("end$").isFound(in: [0xFF, 0xFE] + Array("end".utf8)) == true)
    }

    @Test(arguments: [
        ("(", "Unmatched ( or \\("), ("[a", "Unmatched [, [^, [:, [., or [="),
        ("a{2,1}", "Invalid content of \\{\\}"),
        ("*(", "Invalid preceding regular expression"),
    ])
    func `an invalid expression is refused in the words of the C library`(
        expression: String, reason: String
    ) {
        let error = #expect(throws: RegularExpressionError.self) {
            try RegularExpression(expression)
        }
        #expect(error?.reason == reason)
    }

    @Test(arguments: [
        String(repeating: "(", count: 100_000), "(((a{200}){200}){200}){200}", "a{1,30000}",
    ])
    func `an expression that would exhaust memory is refused`(expression: String) {
        #expect(throws: RegularExpressionError.self) { try RegularExpression(expression) }
    }
}
