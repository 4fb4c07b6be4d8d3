public import System

/// A record that a worker reports to its parent: one line of fields on descriptor 1.
///
/// A worker writes each record as soon as it applies, so that the parent has it even if the worker
/// is killed a moment later.
public protocol WorkerRecord {
    /// The first field of the line, which identifies the kind of record.
    static var recordName: String { get }

    /// The fields after the name; they may hold any text.
    var fields: [String] { get }

    /// Parses the fields after the name.
    ///
    /// - Parameter fields: The fields. Returns `nil` if they do not form a valid record.
    init?(fields: [String])
}

extension WorkerRecord {
    /// Writes the record to the parent.
    ///
    /// - Parameter descriptor: The descriptor to write to; standard output except in tests.
    public func write(to descriptor: Descriptor = .standardOutput) {
        descriptor.writeAll(TextRecord.encode([Self.recordName] + fields))
    }
}

/// The records of one worker, in the order they were written.
public struct WorkerRecords: Sendable {
    /// All records, each with its name as the first field.
    public let lines: [[String]]

    /// Creates a list of records.
    ///
    /// - Parameter lines: The records, each with its name as the first field.
    public init(lines: [[String]]) {
        self.lines = lines
    }

    /// Parses a worker's output; an incomplete last line is ignored.
    ///
    /// - Parameter output: The worker's output.
    public init(_ output: [UInt8]) {
        self.init(lines: TextRecord.parse(output))
    }

    /// Returns all records of one kind.
    ///
    /// - Parameter type: The kind.
    /// - Returns: The records, without those of other kinds and invalid ones.
    public func all<Record: WorkerRecord>(_ type: Record.Type = Record.self) -> [Record] {
        lines.compactMap { line in
            line.first == Record.recordName ? Record(fields: Array(line.dropFirst())) : nil
        }
    }

    /// Returns the first record of one kind.
    ///
    /// - Parameter type: The kind.
    /// - Returns: The record; `nil` if there is none.
    public func first<Record: WorkerRecord>(_ type: Record.Type = Record.self) -> Record? {
        all(type).first
    }
}
