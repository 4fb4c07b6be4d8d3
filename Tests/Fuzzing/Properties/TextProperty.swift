// What must hold of text messages and digests, whatever has happened.

import System

@testable import Alerting

extension Property {
    /// The input is the name of a host in its first line, and what has happened in the others.
    ///
    /// As much of it as fits stands in one text message, and all of it in a digest.
    package static let texts = Property("texts") { input throws(Violation) in
        let lines = String(decoding: input, as: UTF8.self).unicodeScalars
            .split(separator: "\n", omittingEmptySubsequences: false).map { String(Substring($0)) }
        let messages = Array(lines.dropFirst())
        guard let host = lines.first, !messages.isEmpty else { return }
        try requireMessage(TextMessage.of(messages, host: host), of: messages, at: host)
        try requireDigest(of: messages)
    }

    /// The message holds as much as it can, and says how many more there are.
    private static func requireMessage(
        _ text: String, of messages: [String], at host: String
    ) throws(Violation) {
        try require(ShortMessage.fits(text), "no single message: \(text.debugDescription)")
        // What is longer than a message by itself cannot be among those that fit.
        for count in stride(from: min(messages.count, 170), to: 0, by: -1) {
            let more = messages.count - count
            let rest = more > 0 ? ["+\(more) more"] : []
            let whole = "\(host): \((messages.prefix(count) + rest).joined(separator: "\n"))"
            guard ShortMessage.fits(whole) else { continue }
            return try require(Array(text.utf8), is: Array(whole.utf8), "a message")
        }
        let end = messages.count > 1 ? "...\n+\(messages.count - 1) more" : "..."
        try require(
            Array(text.utf8.suffix(end.utf8.count)), is: Array(end.utf8), "the end of a cut message"
        )
    }

    private static func requireDigest(of messages: [String]) throws(Violation) {
        let time = Timestamp(seconds: 1_795_212_103)
        for subject in ["something", nil] {
            let alerts = messages.map { Alert(subject: subject, body: $0, time: time) }
            let digest = Digest.of(alerts, from: "crashmail")
            try require(
                digest.effectiveIncidents.count, is: messages.count, "the number of incidents")
            guard subject != nil || alerts.count == 1 else {
                try require(ShortMessage.fits(digest.body), "a digest in several messages")
                continue
            }
            var rest = Array(digest.body.utf8)[...]
            for alert in alerts {
                let body = Array(alert.body.utf8)
                guard let place = rest.firstRange(of: body) else {
                    throw Violation(description: "a digest without \(alert.body.debugDescription)")
                }
                rest = rest[place.upperBound...]
            }
            try requireVisible(digest.body)
        }
    }

    /// No control character but line ends and tabs is left.
    private static func requireVisible(_ text: String) throws(Violation) {
        let isVisible = text.unicodeScalars.allSatisfy {
            $0.properties.generalCategory != .control || $0 == "\n" || $0 == "\t"
        }
        try require(isVisible, "a body with control characters: \(text.debugDescription)")
    }
}

/// What one text message has room for (3GPP TS 23.038, section 6.2.1).
private enum ShortMessage {
    private static let alphabet = Set(
        ("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRST"
            + "UVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà").unicodeScalars)
    private static let extensions = Set("\u{0C}^{}\\[~]|€".unicodeScalars)

    static func fits(_ text: String) -> Bool {
        let scalars = text.unicodeScalars
        guard scalars.allSatisfy({ alphabet.contains($0) || extensions.contains($0) }) else {
            return text.utf16.count <= 70
        }
        return scalars.count + scalars.count { extensions.contains($0) } <= 160
    }
}
