import Testing

@testable import Listeners

/// Checked against the plain way: the whole of the bytes, looked through at every place.
struct StreamSearchTests {
    private func finds(_ text: String, in chunks: [String]) -> Bool {
        var search = StreamSearch(Array(text.utf8))
        for chunk in chunks { search.feed(Array(chunk.utf8)) }
        return search.isFound
    }

    @Test(arguments: [
        ("well", ["all is well\n"], true),
        ("well", ["all is w", "ell\n"], true),
        ("well", ["w", "e", "l", "l"], true),
        ("well", ["all is wel", "come"], false),
        ("well", [], false),
        ("well", ["", "", ""], false),
        ("Well", ["all is well"], false),
        ("well", ["well"], true),
        ("well", ["wel", "", "l"], true),
        ("aab", ["aaaa", "ab"], true),
        ("abab", ["abaab", "aab"], false),
        ("ababac", ["abababa", "bac"], true),
        ("aaaa", ["aaa", "baaa", "b"], false),
        ("很好", ["一切都很", "好。"], true),
        ("很好", ["很很", "好"], true),
        ("很好", ["好很"], false),
        ("é", ["e\u{301}"], false),
        ("\r\n", ["a\r", "\nb"], true),
        ("\0", ["a", "\0"], true),
    ])
    func `A text is found wherever the chunks are split`(
        _ text: String, _ chunks: [String], _ isFound: Bool
    ) {
        #expect(finds(text, in: chunks) == isFound)
    }

    @Test func `An empty text is found in no data`() {
        #expect(StreamSearch([]).isFound)
    }

    @Test func `A found text stays found`() {
        var search = StreamSearch(Array("x".utf8))
        search.feed(Array("x".utf8))
        search.feed(Array("yyyy".utf8))
        #expect(search.isFound)
    }

    @Test func `A character cut in two is found`() {
        let bytes = Array("网".utf8)
        var search = StreamSearch(bytes)
        for byte in bytes {
            #expect(!search.isFound)
            search.feed([byte])
        }
        #expect(search.isFound)
    }

    @Test func `It finds the same texts as a plain search`() {
        for _ in 0..<3_000 {
            // Few letters, so that beginnings repeat.
            let text = Self.letters(1...6)
            let stream = Self.letters(0...40)
            var search = StreamSearch(text)
            var rest = stream[...]
            while !rest.isEmpty {
                let piece = rest.prefix(.random(in: 0...7))
                search.feed(Array(piece))
                rest = rest.dropFirst(piece.count)
            }
            let isThere = stream.indices.contains { stream[$0...].starts(with: text) }
            #expect(search.isFound == isThere, "\(text) in \(stream)")
        }
    }

    private static func letters(_ count: ClosedRange<Int>) -> [UInt8] {
        (0..<Int.random(in: count)).map { _ in UInt8.random(in: 97...98) }
    }
}
