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

    @Test(arguments: [
        (#"items: \d+"#, #"there is no \d; write [0-9]"#),
        (#"\D"#, #"there is no \D; write [^0-9]"#), (#"a\nb"#, #"there is no \n"#),
        (#"[\d.]+"#, #"there is no \d in brackets; write 0-9"#),
        (#"[^\w]"#, #"there is no \w in brackets; write [:alnum:]_"#),
        (#"\\\d"#, #"there is no \d; write [0-9]"#),
    ])
    func `a backslash that means something else elsewhere is refused`(
        expression: String, reason: String
    ) {
        let error = #expect(throws: RegularExpressionError.self) {
            try RegularExpression(expression)
        }
        #expect(error?.reason == reason)
    }

    @Test(arguments: [
        (#"\w\s\b\S\W"#, "a b-"), (#"a\.b\[c\]\\d"#, #"a.b[c]\d"#), (#"(a)\1"#, "aa"),
        (#"[\]d"#, #"\d"#), ("[[:digit:]]+d", "12d"),
    ])
    func `other backslashes keep their meaning`(expression: String, text: String) throws {
        #expect(try RegularExpression(expression).isFound(in: Array(text.utf8)) == true)
    }
}
