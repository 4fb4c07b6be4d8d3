// Warnings about limits that never apply.

internal import ListenerProtocol

extension MemoryLimits {
    /// Probable mistakes: limits that a lower one always overrides, unless `--most-specific` is
    /// set.
    var warnings: [String] {
        guard !isMostSpecific else { return [] }
        return
            (programs.sorted.map { ($0, lowerLimit(of: $0)) }
            + groups.sorted.map { ($0, lowerLimit(ofGroup: $0)) })
            .compactMap { entry, lower in
                lower.map {
                    "\(entry.text) has no effect, because \($0) is lower: add --most-specific"
                }
            }
    }

    /// A lower limit that applies to all processes of an entry of `-p`.
    private func lowerLimit(of entry: MemoryLimitList.Entry) -> String? {
        let parts = entry.pattern.description.utf8.split(
            separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false
        ).map { String(Substring($0)) }
        let process = ProcessName(
            group: parts.count > 1 ? parts[0] : "", name: parts.last ?? "")
        if entry.pattern.isLiteral {
            let isGrouped = parts.count > 1
            let lower = programs.sorted.first { other in
                isLower(other.size, than: entry.size)
                    // If the entry names no group, only the name is compared.
                    && (isGrouped
                        ? other.pattern.matches(process)
                        : Glob(other.pattern.description).matches(process.name))
            }
            if let lower { return lower.text }
        }
        if parts.count > 1, Glob(parts[0]).isLiteral,
            let lower = groups.sorted.first(where: {
                isLower($0.size, than: entry.size) && $0.pattern.matches(group: parts[0])
            })
        {
            return lower.text
        }
        return lowerLimitOfAll(entry)
    }

    /// A lower limit that applies to all processes of a group.
    private func lowerLimit(ofGroup entry: MemoryLimitList.Entry) -> String? {
        let group = entry.pattern.description
        let lower = groups.sorted.first { other in
            entry.pattern.isLiteral && isLower(other.size, than: entry.size)
                && other.pattern.matches(group: group)
        }
        return lower?.text ?? lowerLimitOfAll(entry)
    }

    private func lowerLimitOfAll(_ entry: MemoryLimitList.Entry) -> String? {
        any.flatMap { isLower($0, than: entry.size) ? anyText : nil }
    }

    private func isLower(_ size: MemorySize, than other: MemorySize) -> Bool {
        size.bytes(of: total) < other.bytes(of: total)
    }
}
