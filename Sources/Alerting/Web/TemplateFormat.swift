// The body of a webhook by a template.

internal import Curl
internal import Text

/// The body of a webhook by a template.
struct TemplateFormat: WebFormat {
    let template: Template
    let document: AlertDocument

    func body(of alert: Alert) throws(WebFormatError) -> [UInt8]? {
        try template.render(document.values(alert))
    }

    /// DingTalk, WeCom and Feishu answer 200 whatever happens, and say in the body what did.
    func accepts(_ answer: [UInt8]) -> Bool {
        let text = String(decoding: answer.prefix(4_096), as: UTF8.self).filter { !$0.isWhitespace }
        func number(_ name: String) -> Int {
            guard let key = text.firstRange(ofText: "\"\(name)\":") else { return 0 }
            return Int(text[key.upperBound...].prefix { $0.isNumber || $0 == "-" }) ?? 0
        }
        // Others have a code that is one of HTTP's, or of their own making.
        return number("errcode") == 0 && number("code") < 1_000
    }
}
