// How a worker tells its parent what it has found out.

internal import System

/// How a worker tells its parent what it has found out: by records on descriptor 1.
///
/// A worker writes each record as soon as it is true, so that what it had come to is known even if
/// it is killed.
public enum WorkerAnswer {
    /// Writes a record to the parent.
    ///
    /// - Parameter fields: The fields, which may hold any text.
    public static func write(_ fields: String...) {
        Descriptor.standardOutput.writeAll(TextRecord.encode(fields))
    }
}
