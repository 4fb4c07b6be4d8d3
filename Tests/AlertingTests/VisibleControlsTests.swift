import Testing
import Text

@testable import Alerting

struct VisibleControlsTests {
    @Test(arguments: [
        ("a\tb\nc", "a\tb\nc"), ("\u{1B}[2J", #"\u{1B}[2J"#), ("\u{0}\r", #"\0\r"#),
        ("网站 é €", "网站 é €"), ("\u{9B}x", #"\u{009B}x"#), ("a\u{202E}b", #"a\u{202E}b"#),
        ("\u{2066}x\u{2069}", #"\u{2066}x\u{2069}"#), ("“quoted”", "“quoted”"),
    ])
    func `only characters that control a terminal are escaped`(
        text: String, expected: String
    ) {
        #expect(text.withVisibleControls == expected)
    }

    @Test func `a mebibyte of control characters is escaped`() {
        let text = String(repeating: "\u{1}", count: 1_048_576).withVisibleControls
        #expect(text.utf8.count == 6 * 1_048_576)
    }
}
