// superlance-render: renders the template of a webhook.

import Foundation
import Glibc
import Mustache

/// Renders the template of a webhook: `superlance-render TEMPLATE`, values as JSON on standard
/// input, the body on standard output.
///
/// It is a program of its own, which a worker of a listener runs, because Foundation would be the
/// largest part of a listener. Its status is 65 (`EX_DATAERR`) when the template is at fault, with
/// the reason on standard error.
@main
enum Render {
    static func main() {
        guard CommandLine.arguments.count == 2 else {
            end(EX_USAGE, "usage: superlance-render TEMPLATE <VALUES")
        }
        let file = CommandLine.arguments[1]
        guard let bytes = FileManager.default.contents(atPath: file) else {
            end(EX_DATAERR, "cannot be read")
        }
        guard let text = String(data: bytes, encoding: .utf8) else {
            end(EX_DATAERR, "is not UTF-8")
        }
        let input = FileHandle.standardInput.readDataToEndOfFile()
        guard let values = try? JSONSerialization.jsonObject(with: input) else {
            end(EX_SOFTWARE, "the values are no JSON")
        }
        FileHandle.standardOutput.write(body(of: text, with: Values.known(values) ?? [:]))
    }

    private static func body(of text: String, with values: Any) -> Data {
        MustacheContentTypes.register(JSONText(), named: JSONText.name)
        do {
            let pragma = "{{% CONTENT_TYPE:\(JSONText.name)}}"
            let template = try MustacheTemplate(string: pragma + text)
            let body = Data(template.render(values).utf8)
            // Whoever takes it wants an object or an array.
            guard (try? JSONSerialization.jsonObject(with: body)) != nil else {
                // What it renders to may hold secrets of its author.
                end(EX_DATAERR, "renders to no JSON")
            }
            return body
        } catch let error as MustacheTemplate.ParserError {
            let place = "line \(error.context.lineNumber)"
            end(EX_DATAERR, "does not parse: \(error.error), \(place)")
        } catch {
            end(EX_DATAERR, "does not parse: \(error)")
        }
    }

    private static func end(_ status: Int32, _ words: String) -> Never {
        FileHandle.standardError.write(Data("\(words)\n".utf8))
        exit(status)
    }
}
