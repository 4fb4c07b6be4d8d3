// The sender of mails when none is configured: the user this runs as, at this host.

import Glibc
internal import System

extension MailAddress {
    /// Returns the user of this process at this host, the default sender of local mailers.
    ///
    /// It requires no DNS lookup: the host is the kernel's host name, or `localhost`. The
    /// corresponding C functions are `getpwuid_r` and `gethostname`.
    ///
    /// - Returns: An address such as `root@web1`.
    public static func defaultSender() -> MailAddress {
        MailAddress(user: UserName.orNumber(of: geteuid()), host: HostName.current)
    }

    /// Creates an address from a user name and a host name with any characters.
    ///
    /// A user name that is not a dot-atom is quoted (RFC 5322, section 3.4.1); control characters
    /// become underscores. Invalid characters in the host become hyphens.
    ///
    /// - Parameters:
    ///   - user: The user name; `nobody` if empty.
    ///   - host: The host name; `localhost` if empty.
    init(user: String, host: String) {
        var clean = ""
        for scalar in user.unicodeScalars {
            // RFC 5321, section 4.5.3.1.1: at most 64 octets before the "@".
            guard clean.utf8.count + 8 <= 64 else { break }
            clean.unicodeScalars.append(scalar.isControl ? "_" : scalar)
        }
        if clean.isEmpty { clean = "nobody" }
        let atoms = clean.utf8.split(
            separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let isDotAtom = atoms.allSatisfy { !$0.isEmpty && $0.allSatisfy(\.isAtomText) }
        let local = isDotAtom ? clean : Self.quoted(clean)
        self.init(displayName: nil, mailbox: "\(local)@\(MessageID.dotAtom(host))")
    }
}
