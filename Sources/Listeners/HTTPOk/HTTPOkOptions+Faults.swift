internal import ListenerProtocol

extension HTTPOkOptions {
    /// Returns why processes cannot be checked: a URL with `{num}` requires names with numbers.
    ///
    /// - Parameter processes: The known processes.
    /// - Returns: The reasons, one for each target.
    func faults(for processes: Set<ProcessName>) -> [String] {
        templates.filter(\.isPerProcess).compactMap { template in
            var faults: [String] = []
            for process in processes.sorted(by: { $0.qualifiedName < $1.qualifiedName })
            where selection.watches(process, by: template.pattern) {
                do throws(UsageError) {
                    _ = try template.target(for: process)
                } catch {
                    faults.append("\(error)")
                }
            }
            guard let first = faults.first else { return nil }
            let rest = faults.count > 1 ? ", nor have \(faults.count - 1) other processes" : ""
            return "cannot check \(template.redacted): \(first)\(rest): select others with "
                + "PATTERN=URL"
        }
    }
}
