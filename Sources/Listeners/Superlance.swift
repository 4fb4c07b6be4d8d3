internal import EventLoop
internal import Glibc
internal import System

/// The program that contains all tools, and runs the one that it is invoked as.
///
/// A single program with a link for each name needs a fraction of the disk space, and running
/// listeners share its code.
public enum Superlance {
    /// Runs the tool that the program was invoked as.
    public static func main() {
        RestartPace.limit()
        let path = OwnArguments.all.first ?? ""
        let name =
            path.utf8.split(separator: UInt8(ascii: "/")).last.map { String(Substring($0)) } ?? path
        if Tool.all.contains(where: { $0.name == name }) { run(as: name) }
        if name == "superlance" { SuperlanceCommand.run() }
        let names = Tool.names.joined(separator: ", ")
        fail("'\(name)' is not the name of a tool: \(names)")
    }

    /// Runs a tool.
    ///
    /// - Parameter name: The tool's name.
    public static func run(as name: String) -> Never {
        RestartPace.limit()
        guard let tool = Tool.all.first(where: { $0.name == name }) else {
            fail("unknown tool \(name)")
        }
        tool.run()
    }

    private static func fail(_ message: String) -> Never {
        Descriptor.standardError.writeAll("superlance: error: \(message)\n".utf8)
        exit(EX_USAGE)
    }
}
