import Testing

@testable import ListenerProtocol
@testable import SupervisorRPC

struct RPCMethodResponseTests {
    private func parse(_ inner: String) throws -> XMLRPCValue? {
        try parse(bytes: Array(inner.utf8))
    }

    private func parse(bytes: [UInt8]) throws -> XMLRPCValue? {
        let head = "<?xml version='1.0'?>\n<methodResponse>\n<params>\n<param>\n"
        let response = try MethodResponse(
            Array(head.utf8) + bytes + Array("\n</param>\n</params>\n</methodResponse>\n".utf8))
        guard case .value(let value) = response else { return nil }
        return value
    }

    @Test(arguments: [
        ("<value>x</value>", XMLRPCValue.string("x")),
        ("<value></value>", .string("")),
        ("<value/>", .string("")),
        ("<value><string> a\n b </string></value>", .string(" a\n b ")),
        ("<value><string>a&lt;b&amp;&#99;</string></value>", .string("a<b&c")),
        ("<value><int>-7</int></value>", .int(-7)),
        ("<value>\n<i4> 7 </i4>\n</value>", .int(7)),
        ("<value><i8>9000000000</i8></value>", .int(9_000_000_000)),
        ("<value><boolean>1</boolean></value>", .bool(true)),
        ("<value><boolean>0</boolean></value>", .bool(false)),
        ("<value><double>-1.5</double></value>", .double(-1.5)),
        ("<value><nil/></value>", .null),
        ("<value><base64>aGk=</base64></value>", .string("aGk=")),
        (
            "<value><dateTime.iso8601>20261120T22:01:43</dateTime.iso8601></value>",
            .string("20261120T22:01:43")
        ),
        ("<value><array><data></data></array></value>", .array([])),
        (
            "<value><array><data><value>a</value><value><int>1</int></value></data></array></value>",
            .array([.string("a"), .int(1)])
        ),
        ("<value><struct></struct></value>", .structure([])),
        (
            "<value><struct>\n<member>\n<name>k</name>\n<value><array><data><value>v</value></data>"
                + "</array></value>\n</member>\n<member><name>l</name><value>w</value></member>"
                + "</struct>\n</value>",
            .structure([
                .init("k", .array([.string("v")])), .init("l", .string("w")),
            ])
        ),
    ])
    func `a value is parsed`(xml: String, value: XMLRPCValue) throws {
        #expect(try parse(xml) == value)
    }

    @Test func `a fault is parsed`() throws {
        let response = try MethodResponse(
            Array(
                """
                <?xml version='1.0'?>
                <methodResponse><fault><value><struct>
                <member><name>faultCode</name><value><int>70</int></value></member>
                <member><name>faultString</name><value><string>NOT_RUNNING: web</string></value>
                </member></struct></value></fault></methodResponse>
                """.utf8))
        #expect(response == .fault(Fault(code: .notRunning, message: "NOT_RUNNING: web")))
    }

    @Test(arguments: [
        ("", "no element found in line 1"),
        ("hello", "syntax error in line 1"),
        ("<html></html>", "no <methodResponse>"),
        ("<methodResponse></methodResponse>", "a response without a value"),
        ("<methodResponse><params><param><value>x", "no element found in line 1"),
        ("<methodResponse></params></methodResponse>", "mismatched tag in line 1"),
        ("<methodResponse><value><int>x</int></value></methodResponse>", "an invalid <int>"),
        ("<methodResponse><value><int></int></value></methodResponse>", "an invalid <int>"),
        (
            "<methodResponse><value><int>99999999999999999999</int></value></methodResponse>",
            "an invalid <int>"
        ),
        (
            "<methodResponse><value><double>x</double></value></methodResponse>",
            "an invalid <double>"
        ),
        (
            "<methodResponse><fault><value>x</value></fault></methodResponse>",
            "a fault without a code and a text"
        ),
        (
            "<methodResponse><value>&nothing;</value></methodResponse>",
            "undefined entity in line 1"
        ),
        (
            "<!DOCTYPE x><methodResponse><value>x</value></methodResponse>",
            "a document type declaration"
        ),
        (
            "<!DOCTYPE x SYSTEM 'file:///etc/passwd'><methodResponse/>",
            "a document type declaration"
        ),
        (
            """
            <!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
            <!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>
            <methodResponse><value>&c;</value></methodResponse>
            """, "a document type declaration"
        ),
    ])
    func `an invalid response is rejected with a reason`(xml: String, reason: String) {
        let error = #expect(throws: ResponseError.self) { try MethodResponse(Array(xml.utf8)) }
        #expect(error?.description == reason)
    }

    @Test(arguments: [40, 10_000, 1_000_000])
    func `nesting has a limit`(levels: Int) {
        let open = String(repeating: "<value><array><data>", count: levels)
        let error = #expect(throws: ResponseError.self) {
            try MethodResponse(Array("<methodResponse>\(open)".utf8))
        }
        let isTooDeep = levels * 3 + 1 > 128
        #expect(
            error?.description
                == (isTooDeep ? "elements nested too deeply" : "no element found in line 1"))
    }

    @Test func `unexpected elements are ignored`() throws {
        #expect(try parse("<name>x</name><array/><int>1</int><value>v</value>") == .string("v"))
        #expect(try parse("<member><value>v</value></member>") == .string("v"))
    }

    @Test func `characters that XML does not allow are omitted`() throws {
        #expect(try parse("<value>\u{1b}[31mred\u{0}\u{8}</value>") == .string("[31mred"))
        #expect(try parse("<value>a&#27;b&#x1B;c&#65;&#xFFFF;d</value>") == .string("abcAd"))
        #expect(try parse("<value>a\u{FFFE}\u{FFFF}b\u{FFFD}c</value>") == .string("ab\u{FFFD}c"))
        #expect(try parse("<value>a\tb\nc&#13;</value>") == .string("a\tb\nc\r"))
    }

    @Test(
        arguments: [
            ([0x61, 0xFF, 0x62], "a\u{FFFD}b"),
            ([0xE7, 0xB6, 0xB2], "網"),
            ([0xE7, 0xB6, 0x3C - 0x1C], "\u{FFFD} "),
            ([0xC0, 0x80], "\u{FFFD}\u{FFFD}"),
            ([0xED, 0xA0, 0x80], "\u{FFFD}\u{FFFD}\u{FFFD}"),
        ] as [([UInt8], String)])
    func `invalid UTF-8 is repaired`(bytes: [UInt8], text: String) throws {
        let value = try parse(bytes: Array("<value>".utf8) + bytes + Array("</value>".utf8))
        #expect(value == .string(text))
    }

    @Test func `a declared encoding does not change how bytes are read`() throws {
        let xml =
            "<?xml version='1.0' encoding='iso-8859-1'?><methodResponse><value>é</value></methodResponse>"
        #expect(try MethodResponse(Array(xml.utf8)) == .value(.string("é")))
    }

    @Test func `every truncated response is rejected`() throws {
        let xml = Array(
            ("<?xml version='1.0'?><methodResponse><params><param><value><array><data><value>"
                + "<struct><member><name>k</name><value><int>1</int></value></member></struct>"
                + "</value></data></array></value></param></params></methodResponse>").utf8)
        for count in 0..<xml.count {
            #expect(throws: ResponseError.self) { try MethodResponse(Array(xml[..<count])) }
        }
        _ = try MethodResponse(xml)
    }

    @Test func `a thousand processes are parsed`() throws {
        let xml = RPCSample.processes(1000)
        var value: XMLRPCValue?
        if case .value(let read) = try MethodResponse(xml) { value = read }
        let infos = try #require(value?.array).map { try SupervisedProcess($0) }
        #expect(infos.count == 1000)
        #expect(infos.last?.processName.description == "web:worker_999")
    }
}

/// Answers as supervisord writes them.
enum RPCSample {
    static func processes(_ count: Int) -> [UInt8] {
        var xml =
            "<?xml version='1.0'?>\n<methodResponse>\n<params>\n<param>\n<value><array><data>\n"
        for number in 0..<count {
            xml += "<value><struct>\n"
            for (name, value) in [
                ("name", "<string>worker_\(number)</string>"), ("group", "<string>web</string>"),
                ("start", "<int>1700000000</int>"), ("stop", "<int>0</int>"),
                ("now", "<int>1700000100</int>"), ("state", "<int>20</int>"),
                ("statename", "<string>RUNNING</string>"), ("spawnerr", "<string></string>"),
                ("exitstatus", "<int>0</int>"),
                ("logfile", "<string>/var/log/supervisor/worker_\(number)-stdout.log</string>"),
                (
                    "stdout_logfile",
                    "<string>/var/log/supervisor/worker_\(number)-stdout.log</string>"
                ),
                (
                    "stderr_logfile",
                    "<string>/var/log/supervisor/worker_\(number)-stderr.log</string>"
                ),
                ("pid", "<int>\(number + 1000)</int>"),
                ("description", "<string>pid \(number + 1000), uptime 0:01:40</string>"),
            ] {
                xml += "<member>\n<name>\(name)</name>\n<value>\(value)</value>\n</member>\n"
            }
            xml += "</struct></value>\n"
        }
        xml += "</data></array></value>\n</param>\n</params>\n</methodResponse>\n"
        return Array(xml.utf8)
    }
}
