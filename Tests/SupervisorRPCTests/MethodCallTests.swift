import Testing

@testable import ListenerProtocol
@testable import SupervisorRPC

struct RPCMethodCallTests {
    @Test func `every value carries its type`() {
        let call = MethodCall(
            "a.b",
            [
                .string("x"), .int(-1), .int(5_000_000_000), .bool(true), .double(1.5), .null,
                .array([.string("")]), .structure([.init("k", .int(2))]),
            ])
        #expect(
            String(decoding: call.xml, as: UTF8.self)
                == "<?xml version=\"1.0\"?><methodCall><methodName>a.b</methodName><params>"
                + "<param><value><string>x</string></value></param>"
                + "<param><value><int>-1</int></value></param>"
                + "<param><value><i8>5000000000</i8></value></param>"
                + "<param><value><boolean>1</boolean></value></param>"
                + "<param><value><double>1.5</double></value></param>"
                + "<param><value><nil/></value></param>"
                + "<param><value><array><data><value><string></string></value></data></array>"
                + "</value></param>"
                + "<param><value><struct><member><name>k</name><value><int>2</int></value>"
                + "</member></struct></value></param>"
                + "</params></methodCall>")
    }

    @Test(arguments: [
        ("a & b < c > d", "a &amp; b &lt; c &gt; d"), ("\u{1b}[31m\u{0}", "[31m"),
        ("網站\r\n", "網站&#13;\n"), ("]]>", "]]&gt;"), ("\u{FFFF}x", "x"),
    ])
    func `characters that XML cannot represent are escaped or omitted`(text: String, xml: String) {
        let call = String(decoding: MethodCall("m", [.string(text)]).xml, as: UTF8.self)
        #expect(call.contains("<string>\(xml)</string>"))
    }
}
