import Listeners

extension ManualPage {
    /// Generates the manual page of the program that contains all tools, and of its commands.
    ///
    /// - Parameter page: The program's page of the documentation, with a section for each command.
    /// - Returns: The page.
    static func ofSuperlance(_ page: Markdown) -> String {
        var lines = [
            title("superlance"), ".SH NAME",
            "superlance \\- event listeners for supervisord, and commands to manage them",
            ".SH SYNOPSIS", ".nf",
        ]
        lines += page.usages.map { ".B \(Roff.literal($0))" }
        lines += [".fi", ".SH DESCRIPTION"] + body(page.introduction)
        for heading in page.headings {
            lines += [".SH \(heading.uppercased())"] + body(page.section(heading))
        }
        let tools = OptionTable.ofAllTools.map(\.programName)
        lines += [".SH SEE ALSO", seeAlso(tools)]
        return Roff.folded(lines).joined(separator: "\n") + "\n"
    }
}
