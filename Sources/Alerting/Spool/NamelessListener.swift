/// A listener that supervisord has not named: its options name its directory in the spool.
public struct NamelessListener: Hashable, Sendable {
    /// The name of its directory.
    public let directory: String

    /// How the names of such directories of its tool begin.
    let beginning: String

    /// Creates a listener.
    ///
    /// - Parameters:
    ///   - tool: The tool's name.
    ///   - checksum: The checksum of the options.
    public init(tool: String, checksum: UInt64) {
        beginning = "\(tool)~"
        directory = "\(beginning)\(String(checksum, radix: 16))"
    }
}
