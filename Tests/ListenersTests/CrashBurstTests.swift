import ListenerProtocol
import System
import Testing

@testable import Listeners

/// Which crashes are one alert, and when it is due.
@Suite struct CrashBurstTests {
    private func at(_ seconds: Double) -> Instant {
        Instant(sinceBoot: .seconds(100) + .milliseconds(Int(seconds * 1_000)))
    }

    private func process(_ number: Int) -> ProcessName {
        ProcessName(group: "p\(number)", name: "p\(number)")
    }

    /// Lets processes die at these times, and returns the groups with the times at which they are
    /// due.
    private func groups(_ crashes: [(process: Int, second: Double)]) -> [(at: Int, [Int])] {
        var burst = CrashBurst<Int>()
        var groups: [(at: Int, [Int])] = []
        var rest = crashes[...]
        for tenth in 0...200 {
            let now = Double(tenth) / 10 + 0.001
            while let next = rest.first, next.second <= now {
                burst.add(next.process, of: process(next.process), at: at(next.second))
                rest.removeFirst()
            }
            groups += burst.takeDue(at: at(now)).map { (tenth, $0) }
        }
        return groups
    }

    @Test func `Six processes that die within two seconds are one alert`() {
        let found = groups((1...6).map { ($0, Double($0 - 1) * 0.4) })
        #expect(found.map(\.1) == [[1, 2, 3, 4, 5, 6]])
        #expect(found.map(\.at) == [24])
    }

    @Test func `Processes that die one after the other join the alert`() {
        let found = groups((1...30).map { ($0, Double($0 - 1) * 0.12) })
        #expect(found.map(\.1) == [Array(1...30)])
        #expect(found.map(\.at) == [39])
    }

    @Test func `Loops of the same processes do not delay the alert`() {
        let loops = (0..<100).map { ($0 % 8, Double($0) / 10) }
        #expect(groups(loops).first?.at == 20)
    }

    @Test func `Five processes have an alert each, two seconds after their crash`() {
        let found = groups((1...5).map { ($0, Double($0) / 10) })
        #expect(found.map(\.1) == [[1], [2], [3], [4], [5]])
        #expect(found.map(\.at) == [21, 22, 23, 24, 25])
    }

    @Test func `Six processes within more than two seconds have an alert each`() {
        #expect(groups((1...6).map { ($0, Double($0) / 2) }).map(\.1).allSatisfy { $0.count == 1 })
    }

    @Test func `A burst may begin at any time after a single crash`() {
        let crashes = [(1, 0.0)] + (2...7).map { ($0, 2.5) }
        #expect(groups(crashes).map(\.1) == [[1], [2, 3, 4, 5, 6, 7]])
        let close = [(1, 0.0)] + (2...6).map { ($0, 1.9) }
        #expect(groups(close).map(\.1) == [[1, 2, 3, 4, 5, 6]])
    }

    @Test func `A burst that goes on has further alerts`() {
        let found = groups((1...40).map { ($0, Double($0) / 10) })
        #expect(found.count <= 3)
        #expect(found.flatMap(\.1).sorted() == Array(1...40))
        #expect(found.allSatisfy { $0.1.count > 1 })
    }

    @Test func `Several crashes of one process count once`() {
        let crashes = (0..<10).map { (1, Double($0) / 10) }
        #expect(groups(crashes).allSatisfy { $0.1 == [1] })
        let mixed = (0..<10).map { ($0 % 5, Double($0) / 10) }
        #expect(groups(mixed).allSatisfy { $0.1.count == 1 })
    }

    @Test func `A slow disk does not split a burst`() {
        var burst = CrashBurst<Int>()
        var groups: [[Int]] = []
        for number in 1...30 {
            // Each crash is stored for 0.5 s, in which no event can arrive.
            let now = Double(number) / 2 + 0.01
            burst.exclude(.milliseconds(500))
            burst.add(number, of: process(number), at: at(now))
            groups += burst.takeDue(at: at(now))
        }
        #expect(groups.isEmpty)
        #expect(burst.next.map { $0 > at(15.5) && $0 <= at(17.6) } == true)
        #expect(burst.takeDue(at: at(17.6)) == [Array(1...30)])
        #expect(burst.next == nil)
    }

    @Test func `At the end nothing is left`() {
        var burst = CrashBurst<Int>()
        for number in 1...6 { burst.add(number, of: process(number), at: at(0)) }
        burst.add(7, of: process(7), at: at(3))
        burst.remove { $0 == 6 }
        #expect(
            burst.takeAll().map { $0.sorted() }.sorted { $0.count < $1.count } == [
                [7], [1, 2, 3, 4, 5],
            ])
        #expect(burst.next == nil)
        #expect(burst.takeAll().isEmpty)
    }
}
