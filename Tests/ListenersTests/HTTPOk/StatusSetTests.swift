import Testing

@testable import Listeners

struct StatusSetTests {
    private func read(_ text: String) -> StatusSet? {
        StatusSet(adding: text.split(separator: ","))
    }

    @Test(arguments: [
        ("200", [200], [199, 201]), ("200-299", [200, 299], [199, 300]),
        ("2xx", [200, 299], [199, 300, 0]), ("20X", [200, 209], [210]),
        ("!204", [200, 500], [204]), ("2xx,!204", [200, 205], [204, 302]),
        ("!204,2xx", [200], [204]), ("200,204,301-302", [200, 204, 301, 302], [201, 303]),
        ("!5xx", [200, 404], [500, 599]),
    ])
    func `a status is accepted or not`(text: String, accepted: [Int], rejected: [Int]) throws {
        let set = try #require(read(text))
        #expect(accepted.allSatisfy(set.contains))
        #expect(!rejected.contains(where: set.contains))
    }

    @Test(arguments: [
        "20", "x", "xxx", "2x0", "299-200", "99", "600", "6xx", "0xx", "200-", "-200", "!", "!!200",
        "200-299-300", "2xx-3xx", "+200x", "二xx",
    ])
    func `anything else is none`(text: String) {
        #expect(read(text) == nil)
    }

    @Test func `without a word it is 200, and terms add up`() throws {
        #expect(StatusSet.default.contains(200))
        #expect(!StatusSet.default.contains(201))
        let sum = try #require(read("2xx")).adding(try #require(read("!204")))
        #expect(sum.contains(200) && !sum.contains(204))
        #expect(sum.description == "2xx, !204")
    }
}
