import Testing

@testable import EventLoop

struct WorkerAnswerTests {
    @Test(arguments: [
        ["a"], ["a", "b"], ["", ""], ["tab\there", "line\nend"], [#"back\slash\t"#, "网站"],
        ["\u{0}\u{1B}[31m", "\r\n"],
    ])
    func `any fields survive`(fields: [String]) {
        #expect(WorkerAnswer.parse(WorkerAnswer.encode(fields)) == [fields])
    }

    @Test func `a record that was cut off is left out`() {
        let bytes = WorkerAnswer.encode(["whole"]) + Array("cut of".utf8)
        #expect(WorkerAnswer.parse(bytes) == [["whole"]])
    }

    @Test func `nothing is no record`() {
        #expect(WorkerAnswer.parse([]).isEmpty)
    }
}
