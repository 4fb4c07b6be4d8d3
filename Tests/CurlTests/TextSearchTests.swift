// Looking for text in text, and hiding it.

import Testing

@testable import Curl
@testable import Text

@Suite struct TextSearchTests {
    @Test(arguments: [
        ("abcabc", "bc", 1), ("aab", "ab", 1), ("ababac", "abac", 2), ("grün", "n", 4),
        ("a", "a", 0),
    ])
    func `the first occurrence of a text is found, in bytes`(
        text: String, sought: String, place: Int
    ) {
        let range = text.firstRange(ofText: sought)
        #expect(range.map { text[$0] } == Substring(sought))
        #expect(range.map { text.utf8.distance(from: text.startIndex, to: $0.lowerBound) } == place)
    }

    @Test(arguments: [("abc", "abcd"), ("abc", "B"), ("", "a"), ("abc", ""), ("e", "e\u{301}")])
    func `a missing or empty text is not found`(text: String, sought: String) {
        #expect(!text.containsText(sought))
    }

    @Test func `each occurrence of a text is replaced`() {
        #expect("a--b--".replacingText("--", with: "-") == "a-b-")
        #expect("e\u{301}e".replacingText("e", with: "i") == "i\u{301}i")
        #expect("abc".replacingText("", with: "x") == "abc")
    }

    @Test func `a text is found before a combining character`() {
        // As characters, "e" does not occur in "é".
        #expect("cafe\u{301}".containsText("cafe"))
    }

    @Test func `each occurrence of each secret is redacted, the longest first`() {
        #expect(
            "key abcdef, abc, abcdef".redacting(["abc", "abcdef"])
                == "key <redacted>, <redacted>, <redacted>")
    }

    @Test func `a secret before a combining character is redacted`() {
        #expect("hunter2\u{301}".redacting(["hunter2"]) == "<redacted>\u{301}")
    }

    @Test func `an empty secret redacts nothing`() {
        #expect("abc".redacting([""]) == "abc")
    }
}
