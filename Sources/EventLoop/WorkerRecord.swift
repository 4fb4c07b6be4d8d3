// What a worker reports to its parent, in typed records.

public import System

/// One thing that a worker reports to its parent: a line of fields on descriptor 1.
///
/// A worker writes each record as soon as it is true, so that its parent knows it even if the worker
/// is killed a moment later.
public protocol WorkerRecord {
    /// The first field of the line, by which the parent tells the kinds of records apart.
    static var recordName: String { get }

    /// The fields after the name; they may hold any text.
    var fields: [String] { get }

    /// Reads the fields after the name.
    ///
    /// - Parameter fields: The fields; `nil` comes of any that no worker writes.
    init?(fields: [String])
}

extension WorkerRecord {
    /// Writes the record to the parent.
    ///
    /// - Parameter descriptor: Where to; standard output, unless a test looks at it.
    public func write(to descriptor: Descriptor = .standardOutput) {
        descriptor.writeAll(TextRecord.encode([Self.recordName] + fields))
    }
}

/// The records of one worker, in the order in which it wrote them.
public struct WorkerRecords: Sendable {
    /// All lines, each with its name as the first field.
    public let lines: [[String]]

    /// Takes over lines.
    ///
    /// - Parameter lines: The lines, each with its name as the first field.
    public init(lines: [[String]]) {
        self.lines = lines
    }

    /// Reads what a worker wrote; a last line that is not whole is ignored.
    ///
    /// - Parameter output: The worker's output.
    public init(_ output: [UInt8]) {
        self.init(lines: TextRecord.parse(output))
    }

    /// All records of one kind.
    ///
    /// - Parameter type: The kind.
    /// - Returns: The records, without lines of other kinds and lines that cannot be read.
    public func all<Record: WorkerRecord>(_ type: Record.Type = Record.self) -> [Record] {
        lines.compactMap { line in
            line.first == Record.recordName ? Record(fields: Array(line.dropFirst())) : nil
        }
    }

    /// The first record of one kind.
    ///
    /// - Parameter type: The kind.
    /// - Returns: The record; `nil` if there is none.
    public func first<Record: WorkerRecord>(_ type: Record.Type = Record.self) -> Record? {
        all(type).first
    }
}
