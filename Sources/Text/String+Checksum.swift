extension String {
    /// A checksum of the bytes that is the same in each run and on each machine.
    ///
    /// FNV-1a with 64 bits (draft-eastlake-fnv). It protects against accidents, not against people.
    package var checksum: UInt64 {
        utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}
