import Foundation

/// The directory of the programs that were built with the tests.
package enum BuildFolder {
    /// The directory of the test runner.
    package static let path: String = {
        let runner = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return URL(fileURLWithPath: runner ?? "").deletingLastPathComponent().path
    }()
}
