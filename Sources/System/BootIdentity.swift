internal import Glibc

/// Which boot of the machine this is, since ``Instant`` counts anew from each.
public enum BootIdentity {
    /// The boot's identifier; empty where the kernel does not tell it.
    ///
    /// The kernel's file is `/proc/sys/kernel/random/boot_id` (random(4)).
    public static let current: String = {
        let file = unsafe open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return "" }
        let descriptor = Descriptor(rawValue: file)
        defer { descriptor.close() }
        guard case .bytes(let bytes) = descriptor.read() else { return "" }
        return String(decoding: bytes.prefix { $0 > 0x20 }, as: UTF8.self)
    }()
}
