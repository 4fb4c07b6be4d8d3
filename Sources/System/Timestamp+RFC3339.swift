// Formats times for machines.

internal import Glibc

extension Timestamp {
    /// The time in UTC with milliseconds: `2026-11-20T21:01:43.673Z` (RFC 3339, section 5.6).
    public var rfc3339: String {
        var time = time_t(seconds)
        var universal = unsafe tm()
        unsafe gmtime_r(&time, &universal)
        var buffer = [CChar](repeating: 0, count: 80)
        let count = unsafe strftime(&buffer, buffer.count, "%Y-%m-%dT%H:%M:%S", &universal)
        let text = String(
            decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return "\(text).\(String(milliseconds + 1000).dropFirst())Z"
    }
}
