import SupervisorConfiguration
import Testing

struct ShellScriptTests {
    /// The words of each command; `$` marks those that the shell expands, `!` the commands that it
    /// redirects.
    private func commands(_ script: String) -> [String] {
        ShellScript(script).commands.map { command in
            let words = command.words.map { ($0.isExpanded ? "$" : "") + "<\($0.text)>" }
            return (command.isRedirected ? "!" : "") + words.joined()
        }
    }

    @Test(arguments: [
        ("exec crashmail -m a@b", ["<exec><crashmail><-m><a@b>"]),
        ("a 'b c'\"d $e\"'$f'", ["<a>$<b cd $e$f>"]),
        ("a '' \\ b\\\nc \"\\$d\\e\"", ["<a><>< bc><$d\\e>"]),
        ("a; b && c || d\ne (f)", ["<a>", "<b>", "<c>", "<d>", "<e>", "<f>"]),
        ("a | b", ["!<a>", "!<b>"]), ("a & b", ["!<a>", "<b>"]),
        ("a <x >>y b", ["!<a><b>"]), ("a 2>x b", ["<a><b>"]), ("a 2>&1", ["!<a>"]),
        ("a 2>&- >&1", ["<a>"]), ("a >&2", ["!<a>"]), ("a &>x", ["!<a>"]),
        ("a b2>x", ["!<a><b2>"]), ("a '2'>x", ["!<a><2>"]),
        ("a $(b; c) `d; e` ${f g}", ["<a>$<$(b; c)>$<`d; e`>$<${f g}>"]),
        ("a ~/b c~ \"~\" '~'", ["<a>$<~/b><c~><~><~>"]),
        ("# a\nb #c;d\ne#f", ["<b>", "<e#f>"]),
        ("", []), ("'", ["<>"]), ("a \"b", ["<a><b>"]), ("a $(b", ["<a>$<$(b>"]),
        ("a \\", ["<a><>"]),
        ("a >", ["<a>"]), ("exec 2>&- b", ["<exec><b>"]), ("a <<-b c", ["!<a><c>"]),
    ])
    func `a script is split into commands and words as by a shell`(
        script: String, expected: [String]
    ) {
        #expect(commands(script) == expected)
    }

    @Test(arguments: [
        (["sh", "-c", "x"], true), (["/bin/bash", "-l", "-c", "x"], true),
        (["bash", "-o", "pipefail", "-ec", "x"], true), (["env", "A=1", "dash", "-c", "x"], true),
        (["bash", "--login", "-c", "--", "x"], true), (["sh", "x"], false), (["sh", "-c"], false),
        (["sh", "-x", "-c.sh"], false), (["crashmail", "-c", "x"], false), ([], false),
    ])
    func `only a shell with -c runs a script`(words: [String], runs: Bool) {
        #expect((ShellScript(of: words)?.commands.map(\.words.count) == [1]) == runs)
    }
}
