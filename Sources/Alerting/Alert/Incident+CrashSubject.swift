internal import ListenerProtocol
internal import System

extension Incident {
    /// superlance's subject for a crash, such as `web crashed at 2026-11-20 22:01:43,673`, and
    /// likewise for a failed start; nil without a process.
    package var crashSubject: String? {
        process.map { "\($0.name) \(crashVerb) at \(time.asctime)" }
    }

    /// `crashed` or `failed to start`.
    package var crashVerb: String { kind == .fatal ? "failed to start" : "crashed" }
}
