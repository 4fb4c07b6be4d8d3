import Foundation
import Listeners

/// Generates the manual pages and completions of the tools: `superlance-manual DOCS DIRECTORY`,
/// from the directory of the documentation, with the layout of `/usr`.
///
/// It runs when the tools are installed or packaged, and is not installed itself.
@main
enum Generate {
    static func main() {
        guard CommandLine.arguments.count == 3 else {
            end(64, "usage: superlance-manual DOCS FOLDER")
        }
        let (docs, folder) = (CommandLine.arguments[1], CommandLine.arguments[2])
        do {
            let statuses = try Markdown(contentsOf: "\(docs)/exit-status.md")
            for table in OptionTable.ofAllTools {
                let name = table.programName
                let page = try Markdown(contentsOf: "\(docs)/\(name).md")
                let files = [
                    "share/man/man1/\(name).1": table.manualPage(page: page, statuses: statuses),
                    "share/bash-completion/completions/\(name)": table.bashCompletion,
                    "share/zsh/site-functions/_\(name)": table.zshCompletion,
                    "share/fish/vendor_completions.d/\(name).fish": table.fishCompletion,
                ]
                for (path, text) in files { try write(text, to: "\(folder)/\(path)") }
            }
            let page = try Markdown(contentsOf: "\(docs)/superlance.md")
            let files = [
                "share/man/man1/superlance.1": ManualPage.ofSuperlance(page),
                "share/bash-completion/completions/superlance": CommandCompletion.bash,
                "share/zsh/site-functions/_superlance": CommandCompletion.zsh,
                "share/fish/vendor_completions.d/superlance.fish": CommandCompletion.fish,
            ]
            for (path, text) in files { try write(text, to: "\(folder)/\(path)") }
        } catch {
            end(1, "superlance-manual: \(error.localizedDescription)")
        }
    }

    private static func write(_ text: String, to path: String) throws {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try text.write(toFile: path, atomically: true, encoding: .utf8)
    }

    private static func end(_ status: Int32, _ words: String) -> Never {
        FileHandle.standardError.write(Data("\(words)\n".utf8))
        exit(status)
    }
}
