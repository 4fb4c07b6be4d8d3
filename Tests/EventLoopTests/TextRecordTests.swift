import Testing

@testable import EventLoop

struct TextRecordTests {
    @Test(arguments: [
        ["a"], ["a", "b"], ["", ""], ["tab\there", "line\nend"], [#"back\slash\t"#, "网站"],
        ["\u{0}\u{1B}[31m", "\r\n"],
    ])
    func `fields of any text are preserved`(fields: [String]) {
        #expect(TextRecord.parse(TextRecord.encode(fields)) == [fields])
    }

    @Test func `an incomplete record is ignored`() {
        let bytes = TextRecord.encode(["whole"]) + Array("cut of".utf8)
        #expect(TextRecord.parse(bytes) == [["whole"]])
    }

    @Test func `no text is no record`() {
        #expect(TextRecord.parse([]).isEmpty)
    }
}
