internal import Glibc

/// The file of a template.
enum TemplateFile {
    /// The maximum size of a file in bytes; typical templates have some hundred.
    static let limit = 262_144

    /// Reads a template.
    ///
    /// - Parameter path: The file.
    /// - Returns: Its text, without a byte order mark, which JSON does not allow (RFC 8259, section
    ///   8.1).
    /// - Throws: ``TemplateFault`` when it cannot be read, is too large or is not UTF-8.
    static func text(at path: String) throws(TemplateFault) -> String {
        let bytes = try bytes(at: path)
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .notUTF8 }
        return text.unicodeScalars.first == "\u{FEFF}"
            ? String(text.unicodeScalars.dropFirst()) : text
    }

    private static func bytes(at path: String) throws(TemplateFault) -> [UInt8] {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw .notReadable }
        defer { close(file) }
        var bytes: [UInt8] = []
        while true {
            var count = 0
            bytes += unsafe [UInt8](unsafeUninitializedCapacity: 16_384) { buffer, initialized in
                count = unsafe read(file, buffer.baseAddress, buffer.count)
                initialized = max(0, count)
            }
            // A directory can be opened, but not read.
            guard count >= 0 else { throw .notReadable }
            guard bytes.count <= limit else { throw .tooLarge }
            if count == 0 { return bytes }
        }
    }
}
