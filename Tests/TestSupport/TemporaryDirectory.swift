import Foundation

/// A new directory with a short path (a Unix socket's is limited to 107 bytes), deleted on deinit.
package final class TemporaryDirectory {
    package let path: String

    package init() throws {
        var template = Array("/tmp/superlance.XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else {
            throw TestFailure("mkdtemp: \(String(cString: strerror(errno)))")
        }
        path = String(cString: made)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// The path of an entry.
    package func path(_ name: String) -> String { "\(path)/\(name)" }

    /// Writes a file atomically and returns its path.
    @discardableResult
    package func write(_ name: String, _ text: String, mode: Int = 0o644) throws -> String {
        let path = path(name)
        try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        return path
    }

    /// Writes a program and returns its path.
    ///
    /// Another process writes it: a child that another test starts meanwhile would hold our
    /// descriptor until its exec, and running the program would fail with "text file busy".
    @discardableResult
    package func writeProgram(_ name: String, _ text: String) throws -> String {
        let source = try write("\(name).source", text)
        try ChildProcess.run(["/usr/bin/install", "-m", "755", source, path("\(name).new")])
        guard rename(path("\(name).new"), path(name)) == 0 else {
            throw TestFailure("rename: \(String(cString: strerror(errno)))")
        }
        return path(name)
    }

    /// A file's text, empty if it does not exist; invalid UTF-8 is replaced.
    package func read(_ name: String) -> String {
        String(decoding: bytes(name), as: UTF8.self)
    }

    /// A file's bytes, empty if it does not exist.
    package func bytes(_ name: String) -> [UInt8] {
        [UInt8](FileManager.default.contents(atPath: path(name)) ?? Data())
    }

    /// The names of the entries.
    package func names() -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    }
}
