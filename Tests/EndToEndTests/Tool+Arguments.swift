// How the tools are called when a test does not care.

import TestSupport

extension Tool {
    /// Arguments a tool needs at least.
    var usualArguments: [String] {
        switch self {
        case .httpok: ["-p", "web", "http://127.0.0.1:1/"]
        case .memmon: ["-p", "web=1GB"]
        case .crashmail: ["-a"]
        case .crashmailbatch, .fatalmailbatch, .crashsms:
            ["-t", "ops@example.org", "-f", "supervisor@example.org"]
        }
    }
}
