import Testing

@testable import Text

/// Texts that are JSON, texts that are nearly, and single values (RFC 8259).
struct JSONReaderTests {
    @Test(arguments: [
        "{}", " \t\r\n[ ]\n", "[[],{},[[]]]", "{\"a\":{\"b\":[1,{\"c\":null}]}}",
        "[true,false,null]", "[0,-0,10,1.5,-1.05,1e5,1E+5,1.5e-05]", "1", "\"a\"", "null",
        "[\"\",\"ä\u{1F600}\",\"\u{7F}\u{2028}\"]", #"["\"\\\/\b\f\n\r\t\u00e4\uD83D\uDE00"]"#,
        #"["\uD83D", "\uDE00", "\uD83D\uD83D", "\uD83Dx"]"#, "{\"a\":1,\"a\":2}", "{\"\":0}",
    ])
    func `a value alone is JSON`(text: String) throws {
        try JSONReader.check(Array(text.utf8))
    }

    @Test(arguments: [
        "", " ", "{", "[", "}", "{]", "[}", "[1", "[1}", "[[]", "[]]", "[],", "{}{}", "[1] x",
        "[1,]", "[,1]", "[1 2]", "[1,,2]", "{\"a\":1,}", "{,}", "{\"a\"}", "{\"a\":}", "{a:1}",
        "{1:2}", "{\"a\":1 \"b\":2}", "[\"a\":1]", "{\"a\":1,2}", "[01]", "[-]", "[+1]", "[.5]",
        "[1.]", "[1e]", "[1e+]", "[0x1]", "[tru]", "[True]", "[nullx]", "[NaN]", "[\"]", "[\"a]",
        "[\"\n\"]", "[\"\0\"]", #"["\x"]"#, #"["\u12"]"#, #"["\u12g4"]"#, #"["\u+123"]"#, #"["\"#,
        #"["\u"#, "['a']", "[\u{A0}1]", "\u{FEFF}[]", "[/**/]",
    ])
    func `nearly valid JSON is rejected`(text: String) {
        #expect(throws: JSONError.self) { try JSONReader.check(Array(text.utf8)) }
    }

    @Test func `a string that is not UTF-8 is rejected`() {
        #expect(throws: JSONError.self) { try JSONReader.check([34, 0xFF, 34]) }
    }

    @Test(arguments: [("[", "]"), ("{\"a\":", "}")])
    func `nesting is limited`(open: String, close: String) throws {
        func nested(_ depth: Int) -> [UInt8] {
            let text = String(repeating: open, count: depth - 1) + "[]"
            return Array((text + String(repeating: close, count: depth - 1)).utf8)
        }
        try JSONReader.check(nested(512))
        for depth in [513, 100_000] {
            let error = #expect(throws: JSONError.self) { try JSONReader.check(nested(depth)) }
            #expect(error?.reason == "it is nested more than 512 deep")
        }
    }

    @Test func `an error has its position`() {
        let error = #expect(throws: JSONError.self) {
            try JSONReader.check(Array("{\"a\": 1 x}".utf8))
        }
        #expect(error?.description == "byte 8: a comma or '}' is missing")
    }

    @Test(arguments: [
        ([JSONStep.key("a")], JSONScalar.number("1")), ([.key("b"), .index(1)], .boolean(true)),
        ([.key("b"), .index(0), .key("c")], .string("x\u{e4}")), ([.key("b")], .array),
        ([], .object),
        ([.key("n")], .null), ([.key("d")], .number("3")), ([.key("b"), .index(2)], nil),
        ([.key("z")], nil), ([.index(0)], nil), ([.key("a"), .key("a")], nil),
        ([.key("b"), .key("0")], nil), ([.key("o"), .key("a")], nil),
    ])
    func `a value is found by its path`(path: [JSONStep], value: JSONScalar?) throws {
        let text = #"""
            {"a": 1, "b": [{"c": "x\u00e4"}, true], "n": null, "d": 2, "o": {"a": 1}, "d": 3,
             "o": {}}
            """#
        #expect(try JSONReader.value(at: path, in: Array(text.utf8)) == value)
    }
}
