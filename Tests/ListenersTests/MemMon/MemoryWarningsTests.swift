import ListenerProtocol
import Testing

@testable import Listeners

/// Who is warned about, and how often.
struct MemoryWarningsTests {
    private let web = ProcessInstance(process: ProcessName(group: "g", name: "web"), start: 1)

    @Test func `A size that wavers warns once, and again after it was below nine tenths`() {
        var warnings = MemoryWarnings()
        let sizes = [99, 100, 101, 99, 101, 90, 150, 89, 100, 101, 102]
        let warned = sizes.filter { warnings.take(web, $0, above: 100) }
        #expect(warned == [101, 101])
        #expect(warnings.contains(web.process))
    }

    @Test func `A restarted process causes a new warning`() {
        var warnings = MemoryWarnings()
        #expect(warnings.take(web, 101, above: 100) == true)
        let next = ProcessInstance(process: web.process, start: 2)
        #expect(warnings.take(next, 101, above: 100) == true)
        #expect(warnings.take(next, 101, above: 100) == false)
    }

    @Test func `A new run that is not much smaller causes no warning`() {
        var warnings = MemoryWarnings()
        #expect(warnings.take(web, 101, above: 100) == true)
        let next = ProcessInstance(process: web.process, start: 2)
        #expect(warnings.take(next, 95, above: 100) == false)
        #expect(!warnings.contains(web.process))
        #expect(warnings.take(next, 101, above: 100) == true)
    }

    @Test func `A process that no longer exists is removed`() {
        var warnings = MemoryWarnings()
        #expect(warnings.take(web, 101, above: 100) == true)
        warnings.removeProcesses { _ in false }
        #expect(!warnings.contains(web.process))
    }
}
