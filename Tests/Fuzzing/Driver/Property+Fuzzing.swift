// Hands a property to libFuzzer.

internal import CFuzzer
package import FuzzProperties
internal import Glibc

extension Property {
    /// Looks for an input of which the property does not hold, until libFuzzer ends the program.
    ///
    /// The program's arguments are libFuzzer's. Source: LLVM documentation, "libFuzzer – a library
    /// for coverage-guided fuzz testing", "Using libFuzzer as a library".
    package func fuzz() -> Never {
        tried = self
        var count = CommandLine.argc
        var words = CommandLine.unsafeArgv
        exit(LLVMFuzzerRunDriver(&count, &words, tryInput))
    }
}

/// A C function has no context to keep it in.
nonisolated(unsafe) private var tried: Property?

private func tryInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    do throws(Violation) {
        try tried?.check(Array(UnsafeBufferPointer(start: data, count: count)))
    } catch {
        // libFuzzer keeps the input of a program that traps.
        fatalError("\(tried?.name ?? ""): \(error)")
    }
    return 0
}
