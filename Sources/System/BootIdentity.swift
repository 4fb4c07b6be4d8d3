/// Which boot of the machine this is, since ``Instant`` counts anew from each.
public enum BootIdentity {
    /// The boot's identifier; empty where the kernel has none.
    ///
    /// The kernel's file is `/proc/sys/kernel/random/boot_id` (random(4)).
    public static let current: String = {
        let path = "/proc/sys/kernel/random/boot_id"
        guard let bytes = try? Descriptor.contents(of: path) else { return "" }
        return String(decoding: bytes.prefix { $0 > 0x20 }, as: UTF8.self)
    }()
}
