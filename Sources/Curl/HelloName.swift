internal import Glibc
internal import System
internal import Text

/// The name that this host introduces itself with, in EHLO: a domain name with a dot, else an
/// address literal (RFC 5321, section 4.1.4).
///
/// libcurl's own choice is the kernel's host name, which has no dot in most containers; servers
/// with Postfix's `reject_non_fqdn_helo_hostname` then never accept a message.
struct HelloName: Hashable {
    /// The name or the literal.
    let text: String

    /// Creates the name without a DNS lookup, which could block.
    ///
    /// - Parameters:
    ///   - host: The kernel's host name.
    ///   - hosts: The content of `/etc/hosts` (hosts(5)).
    ///   - address: An address of this host.
    init(host: String, hosts: String, address: String?) {
        let names = [host] + Self.names(of: host, in: hosts)
        text = names.first(where: Self.isQualified) ?? Self.literal(address ?? "127.0.0.1")
    }

    /// That of this host.
    static var current: HelloName {
        let hosts = (try? Descriptor.contents(of: "/etc/hosts")) ?? []
        return HelloName(
            host: HostName.current, hosts: String(decoding: hosts, as: UTF8.self),
            address: ownAddress(AF_INET) ?? ownAddress(AF_INET6))
    }

    /// The name as the path of a URL: libcurl decodes it.
    var path: String {
        text.replacingText("[", with: "%5B").replacingText("]", with: "%5D")
    }

    /// The names in the lines that have a host's name, in their order.
    private static func names(of host: String, in hosts: String) -> [String] {
        hosts.split(whereSeparator: \.isNewline).flatMap { line -> [String] in
            let words = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace)
                .dropFirst().map(String.init)
            return words.contains(host) ? words : []
        }
    }

    private static func isQualified(_ name: String) -> Bool {
        let labels = name.utf8.split(
            separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return labels.count > 1 && !labels.contains(where: \.isEmpty)
            && !labels[0].elementsEqual("localhost".utf8)
            && name.utf8.allSatisfy { byte in
                byte.isASCIIDigit || byte.isASCIILetter || ".-_".utf8.contains(byte)
            }
    }

    private static func literal(_ address: String) -> String {
        address.utf8.contains(UInt8(ascii: ":")) ? "[IPv6:\(address)]" : "[\(address)]"
    }

    /// The first address of a family that other hosts may know (getifaddrs(3)).
    private static func ownAddress(_ family: Int32) -> String? {
        var list: UnsafeMutablePointer<ifaddrs>?
        guard unsafe getifaddrs(&list) == 0 else { return nil }
        defer { unsafe freeifaddrs(list) }
        let size =
            family == AF_INET ? MemoryLayout<sockaddr_in>.size : MemoryLayout<sockaddr_in6>.size
        var next = unsafe list
        while let entry = unsafe next?.pointee {
            unsafe next = entry.ifa_next
            guard let address = unsafe entry.ifa_addr,
                unsafe Int32(address.pointee.sa_family) == family,
                unsafe entry.ifa_flags & UInt32(IFF_LOOPBACK) == 0
            else { continue }
            var name = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            guard
                unsafe getnameinfo(
                    address, socklen_t(size), &name, socklen_t(name.count), nil, 0, NI_NUMERICHOST)
                    == 0
            else { continue }
            let text = String(
                decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            // An address with a zone is valid on one network only.
            if !text.utf8.contains(UInt8(ascii: "%")) { return text }
        }
        return nil
    }
}
