// Texts that are JSON, and texts that are nearly.

import Testing
import Text

@testable import Alerting

/// Texts that are JSON, and texts that are nearly (RFC 8259).
@Suite struct JSONTextTests {
    @Test(arguments: [
        "{}", "[]", " \t\r\n[ ]\n", "{ }", "[[],{},[[]]]", "{\"a\":{\"b\":[1,{\"c\":null}]}}",
        "{\"a\" : [ ] , \"b\" : { } }", "[true,false,null]", "[0,-0,10,1.5,-1.05,1e5,1E+5,1.5e-05]",
        "[\"\",\"ä\u{1F600}\",\"\u{7F}\u{2028}\"]", #"["\"\\\/\b\f\n\r\t\u00e4\uD83D\uDE00"]"#,
        "{\"a\":1,\"a\":2}", "{\"\":0}",
    ])
    func `objects and arrays are JSON`(text: String) {
        #expect(JSONReader.isObjectOrArray(Array(text.utf8)))
    }

    @Test(arguments: [
        "", " ", "{", "[", "}", "]", "{]", "[}", "[1", "[1}", "[[]", "[]]", "[],", "{}{}", "[1] x",
        "[1,]", "[,1]", "[,]", "[1 2]", "[1,,2]", "{\"a\":1,}", "{,}", "{\"a\"}", "{\"a\":}",
        "{\"a\",1}",
        "{a:1}", "{1:2}", "{\"a\":1 \"b\":2}", "[\"a\":1]", "{\"a\":1,2}", "[01]", "[-]", "[+1]",
        "[.5]",
        "[1.]", "[1e]", "[1e+]", "[-a]", "[0x1]", "[1.e1]", "[tru]", "[True]", "[nullx]", "[NaN]",
        "[\"]", "[\"a]", "[\"\n\"]", "[\"\t\"]", "[\"\0\"]", "[\"\u{1F}\"]", #"["\x"]"#,
        #"["\u12"]"#,
        #"["\u12g4"]"#, #"["\"#, #"["\u"#, "['a']", "[\u{A0}1]", "\u{FEFF}[]", "[/**/]", "1",
        "\"a\"", "null",
    ])
    func `nearly valid JSON is rejected`(text: String) {
        #expect(!JSONReader.isObjectOrArray(Array(text.utf8)))
    }

    @Test(arguments: [("[", "]"), ("{\"a\":", "}")])
    func `nesting is limited`(open: String, close: String) {
        func nested(_ depth: Int) -> [UInt8] {
            let text = String(repeating: open, count: depth - 1) + "[]"
            return Array((text + String(repeating: close, count: depth - 1)).utf8)
        }
        #expect(JSONReader.isObjectOrArray(nested(512)))
        #expect(!JSONReader.isObjectOrArray(nested(513)))
        #expect(!JSONReader.isObjectOrArray(nested(1_000_000)))
    }

    @Test func `each text that we write is JSON, and no prefix of it is`() {
        let value: JSONValue = .object([
            ("a", .array([.integer(-1), .string("\"\\\n\u{1}"), .null])), ("b", .object([])),
        ])
        #expect(JSONReader.isObjectOrArray(value.bytes))
        for count in 0..<value.bytes.count {
            #expect(!JSONReader.isObjectOrArray(Array(value.bytes.prefix(count))))
        }
    }
}
