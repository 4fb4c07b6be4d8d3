// What templates render to.

import Testing
import Text

@testable import Alerting

/// What templates render to.
///
/// The tables were recorded from swift-mustache 2.1.1, which rendered templates before; they follow
/// the modules "interpolation", "sections", "inverted", "comments" and "delimiters" of the
/// specification of Mustache.
@Suite struct TemplateTests {
    private static let values: JSONValue = .object([
        ("name", .string("a \"b\"\n\\\t\u{1}ä")), ("html", .string("<&>\"'")),
        ("zero", .integer(0)), ("minus", .integer(-5)), ("empty", .string("")), ("none", .null),
        ("event", .object([])), ("nothing", .array([])),
        (
            "process",
            .object([
                ("name", .string("web")), ("pid", .integer(7)), ("none", .null),
                ("deep", .object([("name", .string("x"))])),
            ])
        ),
        (
            "items",
            .array([
                .object([("name", .string("1")), ("v", .string("a"))]),
                .object([("v", .string("b"))]), .null, .object([("name", .string("3"))]),
            ])
        ),
        ("words", .array([.string("one"), .string(""), .string("two"), .integer(3)])),
    ])

    private static func render(_ template: String) throws -> String {
        String(decoding: try TemplateParser.parse(template).render(values), as: UTF8.self)
    }

    // MARK: Tags

    @Test(arguments: [
        ("no tag", "no tag"), ("", ""), ("{ } }} {a", "{ } }} {a"),
        ("{{name}}", #"a \"b\"\n\\\t\u0001ä"#), ("{{{name}}}", "a \"b\"\n\\\t\u{1}ä"),
        ("{{&name}}", "a \"b\"\n\\\t\u{1}ä"), ("{{html}}", #"<&>\"'"#), ("{{{html}}}", "<&>\"'"),
        ("{{zero}},{{minus}}", "0,-5"), ("{{ zero }}{{\tzero\t}}{{{ zero }}}{{& zero }}", "0000"),
        ("({{missing}}{{empty}}{{none}})", "()"), ("{{zero}}}", "0}"), ("{{{zero}}}}", "0}"),
        ("{ {{zero}} }", "{ 0 }"), ("{\"a\":{{zero}}}", "{\"a\":0}"),
        ("{{process.name}} {{process.pid}} {{&process.deep.name}}", "web 7 x"),
        ("({{process.none}}{{process.missing.name}}{{missing.name}}{{name.name}})", "()"),
        ("{{process..name}}{{process.name.}}", "webweb"),
        ("({{missing-name}}{{a_b}}{{a?}}{{a*}})", "()"), ("\0{{zero}}\0", "\00\0"),
    ])
    func `a value is rendered unescaped or escaped for JSON`(template: String, text: String) throws
    {
        #expect(try Self.render(template) == text)
    }

    @Test(arguments: [
        ("{{#process}}{{name}}{{#deep}}{{name}}{{pid}}{{/deep}}{{zero}}{{/process}}", "webx70"),
        ("{{#process}}{{process.name}}{{.name}}({{.zero}}){{/process}}", "webweb()"),
        ("{{#process.deep}}{{name}}{{/process.deep}}", "x"), ("{{# zero }}a{{/\tzero}}", "a"),
        ("{{#items}}{{v}},{{/items}}", "a,b,,"), ("{{#items}}{{.v}}{{/items}}", "ab"),
        ("{{#process}}{{#items}}{{name}}{{/items}}{{/process}}", "1web3"),
        ("{{#process}}{{#deep}}{{#items}}{{v}}{{pid}}{{/items}}{{/deep}}{{/process}}", "a7b77"),
        ("{{#words}}{{.}},{{/words}}", "one,two,3,"), ("{{#zero}}{{.}}{{/zero}}", "0"),
        ("{{#html}}{{.}}|{{{.}}}{{/html}}", #"<&>\"'|<&>"'"#), ("{{#event}}yes{{/event}}", "yes"),
        ("({{#empty}}no{{/empty}}{{#none}}no{{/none}}{{#nothing}}no{{/nothing}})", "()"),
        ("({{#missing}}no{{/missing}}{{#process.none}}no{{/process.none}})", "()"),
        ("{{#zero}}a{{/zero}}{{#zero}}b{{/zero}}", "ab"),
    ])
    func `a section is rendered for existing values`(template: String, text: String) throws {
        #expect(try Self.render(template) == text)
    }

    @Test(arguments: [
        ("({{^zero}}no{{/zero}}{{^event}}no{{/event}}{{^items}}no{{/items}})", "()"),
        ("{{^empty}}a{{/empty}}{{^none}}b{{/none}}{{^nothing}}c{{/nothing}}", "abc"),
        ("{{^missing}}a{{/missing}}{{^process.none}}b{{/process.none}}", "ab"),
        ("{{#items}}{{^v}}none{{/v}}{{/items}}", "none"), ("{{^missing}}{{zero}}{{/missing}}", "0"),
    ])
    func `an inverted section is rendered for missing values`(template: String, text: String) throws
    {
        #expect(try Self.render(template) == text)
    }

    @Test(arguments: [
        ("{{#items}}\"{{v}}\"{{^last()}}, {{/last()}}{{/items}}", #""a", "b", """#),
        ("{{#items}}{{index()}}{{#first()}}!{{/first()}}{{/items}}", "0!12"),
        ("{{#items}}{{#odd()}}o{{/odd()}}{{#even()}}e{{/even()}}{{/items}}", "eoe"),
        ("{{#items}}{{#process}}{{^last()}}x{{/last()}}{{/process}}{{/items}}", "xxx"),
        ("{{#items}}{{#last()}}{{.name}}{{/last()}}{{/items}}", "3"),
        ("({{index()}}{{#first()}}x{{/first()}})", "()"),
    ])
    func `the position of an object in a list is available`(template: String, text: String) throws {
        #expect(try Self.render(template) == text)
    }

    @Test(arguments: [
        ("a{{! comment }}b{{!\nlines {{x\n}}c", "abc"), ("{{!x}}", ""),
        ("{{=<% %>=}}<%zero%>{{zero}}<%={{ }}=%>{{zero}}", "0{{zero}}0"),
        ("{{= | | =}}|&zero|", "0"), ("{{=<< >>=}}<<#items>><<v>><</items>>", "ab"),
        ("{{#zero}}{{=| |=}}|zero||/zero|", "0"), ("{{=[ ]=}}[\\0] {{zero}}", nil),
        ("{{=| |=}}|zero|{{{zero}}}", "0{{{zero}}}"),
    ])
    func `comments are omitted, and delimiters can be changed`(template: String, text: String?) {
        #expect((try? Self.render(template)) == text)
    }

    // MARK: Lines

    @Test(arguments: [
        ("[1\n{{! alone }}\n,2]", "[1\n,2]"), ("[1\n  {{! alone }}  \n,2]", "[1\n,2]"),
        ("[1 {{! not alone }}\n,2]", "[1 \n,2]"), ("[1\n{{! a }} {{! b }}\n,2]", "[1\n \n,2]"),
        ("[1\n{{#zero}}\n,2\n{{/zero}}\n]", "[1\n,2\n]"),
        ("[1\n  {{#zero}}  \n,2\n  {{/zero}}\t\n]", "[1\n,2\n]"),
        ("[1\r\n{{#zero}}\r\n,2\r\n{{/zero}}\r\n]", "[1\r\n,2\r\n]"),
        ("[1\n{{#missing}}\n,2\n{{/missing}}\n]", "[1\n]"),
        ("[1\n{{^missing}}\n,2\n{{/missing}}\n]", "[1\n,2\n]"),
        ("[1\n\n  {{#zero}}{{/zero}}\n]", "[1\n\n  \n]"),
        ("[1\n  {{#zero}}{{empty}}{{/zero}}  \n]", "[1\n    \n]"),
        ("[1\n{{#items}}\n,{{v}}\n{{/items}}\n]", "[1\n,a\n,b\n,\n]"),
        ("[1\n {{empty}} \n]", "[1\n  \n]"), ("[1\n{{zero}}\n]", "[1\n0\n]"),
        ("a{{#missing}}\n  {{/missing}}\n b", "a b"),
        ("[1\n{{=| |=}}\n,|zero||=<% %>=|,<%zero%>]", "[1\n,0,0]"),
        ("{{#zero}}\n\nx\n\n{{/zero}}\n\n", "\nx\n\n\n"), ("[1]\n {{! last }}", "[1]\n"),
        ("{{#zero}}\nx\n{{/zero}}", "x\n"), ("  {{! first }}\n\n[1]", "\n[1]"),
    ])
    func `the line of a standalone tag is removed`(template: String, text: String) throws {
        #expect(try Self.render(template) == text)
    }

    // MARK: Faults

    @Test(arguments: [
        ("{{", "a tag is not closed, line 1"), ("\n{{{", "a tag is not closed, line 2"),
        ("{{{zero}}", "a tag is not closed, line 1"), ("{{!x", "a tag is not closed, line 1"),
        ("{{=<% %>=}}<%zero}}", "a tag is not closed, line 1"),
        ("{{}}", "a tag without a name, line 1"), ("{{# }}{{/}}", "a tag without a name, line 1"),
        ("\r\n\r\n{{a b}}", "\"a b\" is not a name, line 3"),
        ("{{ä}}", "\"ä\" is not a name, line 1"),
        ("{{upper(zero)}}", "\"upper(zero)\" is not a name, line 1"),
        ("{{a\0}}", "\"a\\0\" is not a name, line 1"), ("{{\\0}}", "\"\\0\" is not a name, line 1"),
        ("{{last()}}", "last() is for sections only, line 1"),
        ("{{> other}}", "tags that begin with > < $ % are not supported, line 1"),
        ("{{=<%=}}", "other delimiters are set as in {{=<% %>=}}, line 1"),
        ("{{=}}", "other delimiters are set as in {{=<% %>=}}, line 1"),
        ("{{== ==}}", "other delimiters are set as in {{=<% %>=}}, line 1"),
        ("\n{{#zero}}\n\n", "the section zero has no end, line 2"),
        ("{{#a}}{{#b}}{{/b}}", "the section a has no end, line 1"),
        ("\n\n{{/a}}", "the end of a does not match the innermost section, line 3"),
        ("{{#a}}\n{{/b}}", "the end of b does not match the innermost section, line 2"),
        (
            String(repeating: "{{#a}}", count: 101),
            "sections are nested deeper than 100, line 1"
        ),
    ])
    func `a parse error names the line`(template: String, reason: String) {
        #expect(throws: TemplateFault(reason: "does not parse: \(reason)")) {
            try TemplateParser.parse(template)
        }
    }

    @Test(arguments: [20, 100])
    func `nested sections do not exceed the size limit`(depth: Int) throws {
        let template =
            String(repeating: "{{#items}}", count: depth) + "text"
            + String(repeating: "{{/items}}", count: depth)
        let parsed = try TemplateParser.parse(template)
        #expect(throws: TemplateFault.tooMuchText) { try parsed.render(Self.values) }
    }

    @Test func `a hundred nested sections are accepted`() throws {
        let template =
            String(repeating: "{{#zero}}", count: 100) + "{{.}}"
            + String(repeating: "{{/zero}}", count: 100)
        #expect(try Self.render(template) == "0")
    }

    @Test func `all control characters are escaped as in our own JSON`() throws {
        let text = String(String.UnicodeScalarView((0...0x9F).compactMap(Unicode.Scalar.init)))
        let rendered = try TemplateParser.parse("\"{{text}}\"")
            .render(.object([("text", .string(text))]))
        #expect(rendered == JSONValue.string(text).bytes)
        #expect(JSONReader.isObjectOrArray(Array("[".utf8) + rendered + Array("]".utf8)))
    }
}
