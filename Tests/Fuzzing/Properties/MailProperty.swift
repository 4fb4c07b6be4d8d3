// What must hold of a mail, whatever it is made of.

@testable import Alerting

extension Property {
    /// The input is a ``Letter``.
    ///
    /// The mail made of it has the fields that were meant and no other, and says what the letter
    /// says to whoever decodes it.
    package static let mails = Property("mails") { input throws(Violation) in
        let letter = Letter(input)
        let message = MailMessage(
            from: try sender(of: letter), to: try recipients(of: letter), subject: letter.subject,
            date: MessageDate(seconds: 0, offset: 0),
            messageID: MessageID(seconds: 0, random: 1, host: letter.host),
            extraHeaders: letter.others.map { HeaderField(name: $0.name, text: $0.value) },
            body: letter.body)
        let bytes = message.bytes(lineEnding: .lineFeed)
        try requireLines(
            bytes, isASCII: !(message.to + [message.from]).contains(where: \.needsUTF8))
        let lines = bytes.split(separator: 10, omittingEmptySubsequences: false)
        try require(
            message.bytes(lineEnding: .carriageReturnLineFeed),
            is: Array(lines.joined(separator: [13, 10])), "the mail with CR LF")
        let mail = try ReceivedMail(bytes)
        try requireFields(of: mail, as: letter)
        try requireAddresses(mail["From"], are: [message.from])
        try requireAddresses(mail["To"], are: message.to)
        try require(try mail.text(), is: letter.plainBody, "the text")
    }

    private static func sender(of letter: Letter) throws(Violation) -> MailAddress {
        try addresses(letter.sender)?.first ?? MailAddress(user: letter.user, host: letter.host)
    }

    private static func recipients(of letter: Letter) throws(Violation) -> [MailAddress] {
        try addresses(letter.recipients) ?? [MailAddress(user: "root", host: "web1")]
    }

    /// The addresses in a text; nothing if there are none, which one line has to say.
    private static func addresses(_ text: String?) throws(Violation) -> [MailAddress]? {
        guard let text else { return nil }
        do throws(MailAddressError) {
            return try MailAddress.list(text)
        } catch {
            try requireLine(error.description, "what is wrong with an address")
            return nil
        }
    }

    // MARK: Lines

    /// No line is too long, has a control character in it, or means something on its way.
    private static func requireLines(_ bytes: [UInt8], isASCII: Bool) throws(Violation) {
        try require(bytes.last == UInt8(ascii: "\n"), "the last line has no end")
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            let text = String(decoding: line, as: UTF8.self)
            // RFC 5322, section 2.1.1.
            try require(line.count <= 998, "a line of \(line.count) octets")
            let isClean = line.allSatisfy { (0x20...0x7E).contains($0) || $0 == 9 || $0 >= 0x80 }
            try require(isClean, "a line with control characters: \(text.debugDescription)")
            try require(
                !isASCII || line.allSatisfy { $0 < 0x80 }, "no ASCII: \(text.debugDescription)")
            try require(text != "." && !text.hasPrefix("From "), "a line that is '\(text)'")
        }
    }

    // MARK: Fields

    private static func requireFields(of mail: ReceivedMail, as letter: Letter) throws(Violation) {
        let own =
            ["From", "To"] + (letter.subject == nil ? [] : ["Subject"]) + [
                "Date", "Message-ID", "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
                "Auto-Submitted",
            ]
        let taken = Set((own + ["Subject"]).map { $0.lowercased() })
        let others = letter.others.map { (name: Letter.plainName($0.name), value: $0.value) }
            .filter { !taken.contains($0.name.lowercased()) }
        try require(mail.fields.map(\.name), is: own + others.map(\.name), "the fields")
        if let subject = letter.subject {
            try requireText(mail["Subject"], is: subject)
        }
        for (field, other) in zip(mail.fields.dropFirst(own.count), others) {
            try requireText(field.value, is: other.value)
        }
    }

    private static func requireText(_ value: String, is text: String) throws(Violation) {
        try require(
            Array(try EncodedWords.decode(value).utf8), is: Array(Letter.plainLine(text).utf8),
            "the text of a field, \(value.debugDescription),")
    }

    // MARK: Addresses

    private static func requireAddresses(
        _ value: String, are addresses: [MailAddress]
    ) throws(Violation) {
        let elements = ReceivedMail.elements(of: value)
        try require(elements.count, is: addresses.count, "the number of addresses in '\(value)'")
        for (element, address) in zip(elements, addresses) {
            guard let name = address.displayName else {
                try require(Array(element.utf8), is: Array(address.mailbox.utf8), "an address")
                continue
            }
            let end = " <\(address.mailbox)>"
            try require(
                Array(element.utf8.suffix(end.utf8.count)), is: Array(end.utf8), "a named address")
            let phrase = String(decoding: element.utf8.dropLast(end.utf8.count), as: UTF8.self)
            let shown =
                phrase.utf8.first == UInt8(ascii: "\"")
                ? ReceivedMail.unquoted(phrase) : try EncodedWords.decode(phrase)
            try require(Array(shown.utf8), is: Array(name.utf8), "a name before an address")
        }
        let again = try Self.addresses(value) ?? []
        try require(again.map(\.mailbox), is: addresses.map(\.mailbox), "what is read again")
    }
}
