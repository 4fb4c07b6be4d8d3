internal import Glibc

/// The name of this host.
public enum HostName {
    /// The kernel's host name, without a DNS lookup; `localhost` if it is not set.
    ///
    /// The corresponding C function is `gethostname`.
    public static var current: String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard unsafe gethostname(&buffer, buffer.count - 1) == 0, buffer[0] != 0 else {
            return "localhost"
        }
        return String(
            decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
