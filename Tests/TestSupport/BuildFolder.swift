// Where the programs are that were just built.

import Foundation

/// The folder of the programs that were built with the tests.
package enum BuildFolder {
    /// Its path: that of the test runner's own folder.
    package static let path: String = {
        let runner = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return URL(fileURLWithPath: runner ?? "").deletingLastPathComponent().path
    }()
}
