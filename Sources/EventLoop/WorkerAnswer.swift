// How a worker reports a line of fields that has no type of its own yet.

internal import System

/// How a worker reports a line of fields to its parent; see ``WorkerRecord`` for typed ones.
public enum WorkerAnswer {
    /// Writes a record to the parent.
    ///
    /// - Parameter fields: The fields, which may hold any text.
    public static func write(_ fields: String...) {
        Descriptor.standardOutput.writeAll(TextRecord.encode(fields))
    }
}
