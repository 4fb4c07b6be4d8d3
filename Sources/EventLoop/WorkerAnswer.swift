internal import System

/// Reports an untyped record from a worker to its parent; see ``WorkerRecord`` for typed records.
public enum WorkerAnswer {
    /// Writes a record to the parent.
    ///
    /// - Parameter fields: The fields, which may hold any text.
    public static func write(_ fields: String...) {
        Descriptor.standardOutput.writeAll(TextRecord.encode(fields))
    }

    /// Writes records to the parent that belong together.
    ///
    /// - Parameter records: The records.
    public static func write(_ records: [[String]]) {
        Descriptor.standardOutput.writeAll(records.flatMap(TextRecord.encode))
    }
}
