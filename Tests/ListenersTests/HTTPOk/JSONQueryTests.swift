import Testing

@testable import Listeners

struct JSONQueryTests {
    private let answer = #"""
        {"status": "UP", "n": 3, "big": 9007199254740993, "ok": true, "none": null, "five": "5",
         "queue": {"depth": 12.5, "list": [{"id": 1}, {"id": 2}]}, "a.b": "x", "e": 1e3}
        """#

    private func fault(_ query: String) throws -> String? {
        try JSONQuery(query).fault(in: Array(answer.utf8))
    }

    @Test(arguments: [
        ".status == UP", ".status==UP", " .status  ==  UP ", #".status == "UP""#, ".status != DOWN",
        ".n == 3", ".n == 3.0", ".n < 4", ".n > 2.5", ".n != 4", ".e == 1000", ".ok == true",
        ".none == null", ".queue.depth > 12", ".queue.list[1].id == 2", #"."a.b" == x"#,
        #"["a.b"] == x"#, #".["a.b"] == x"#, ".five == 5", ".big < 9007199254740994", ".n > -1",
        ".status != UPPER",
    ])
    func `a condition is met`(query: String) throws {
        #expect(try fault(query) == nil)
    }

    @Test func `a mark of the byte order is no part of the text`() throws {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        #expect(try JSONQuery(".status == UP").fault(in: mark + Array(answer.utf8)) == nil)
    }

    @Test(arguments: [
        (".status == DOWN", #"JSON .status is "UP", expected == DOWN"#),
        (".status != UP", #"JSON .status is "UP", expected != UP"#),
        (".n > 3", "JSON .n is 3, expected > 3"), (".n < 3", "JSON .n is 3, expected < 3"),
        (#".n == "3""#, #"JSON .n is 3, expected == "3""#),
        (".status > 3", #"JSON .status is "UP", not a number"#),
        (".ok == false", "JSON .ok is true, expected == false"),
        (#".none == "null""#, #"JSON .none is null, expected == "null""#),
        (".queue == 1", "JSON .queue is an object"),
        (".queue.list != 1", "JSON .queue.list is an array"),
        (".missing != x", "JSON .missing is missing"),
        (".queue.list[2].id == 1", "JSON .queue.list[2].id is missing"),
        (".n.m == 1", "JSON .n.m is missing"), (". == x", "JSON . is an object"),
        (".big == 9007199254740992", "JSON .big is 9007199254740993, expected == 9007199254740992"),
    ])
    func `a condition that is not met gives a reason`(query: String, reason: String) throws {
        #expect(try fault(query) == reason)
    }

    @Test(arguments: [
        ("", "the response is not JSON: byte 0: a value is missing"),
        ("<html>", "the response is not JSON: byte 0: a value is missing"),
        (#"{"status": "UP""#, "the response is not JSON: byte 15: a comma or '}' is missing"),
    ])
    func `an answer that is no JSON fails`(body: String, reason: String) throws {
        #expect(try JSONQuery(".status == UP").fault(in: Array(body.utf8)) == reason)
    }

    @Test(arguments: [
        ("", "a path such as .status is missing", 0),
        ("status == UP", "a path such as .status is missing", 0),
        (".status", "==, !=, < or > is missing", 7), (".status UP", "==, !=, < or > is missing", 8),
        (".status = UP", "==, !=, < or > is missing", 8), (".n <= 3", "a value is missing", 4),
        (".status ==", "a value is missing", 10), (".a..b == 1", "a name is missing", 3),
        (".a[x] == 1", "an index such as [0] is missing", 3),
        (".a[0 == 1", "']' is missing", 4), (#".a == "x"#, "the closing quote is missing", 8),
        (#".a == "x" y"#, "unexpected text after the value", 10),
        (".a[99999999999999999999] == 1", "an index such as [0] is missing", 3),
        (".a == 1 and .b == 2", "unexpected text", 8),
        (".a == [1]", "a text or a number is missing", 6),
        (#".a == {"b": 1}"#, "a text or a number is missing", 6),
        (".a < abc", "a number is missing", 5), (#".a > "5""#, "a number is missing", 5),
        (".a > nan", "a number is missing", 5),
        ("..a == 1", "a name is missing", 1),
    ])
    func `an invalid condition names what is wrong and where`(
        text: String, problem: String, offset: Int
    ) {
        let error = #expect(throws: JSONQueryError.self) { try JSONQuery(text) }
        #expect(error?.problem == problem)
        #expect(error?.offset == offset)
    }
}
