extension HTTPOkOptions {
    /// Probable mistakes: a limit that no response can exceed, because the check has failed before.
    var warnings: [String] {
        guard let latency = terms.limits.latency, latency >= terms.timeout else { return [] }
        return [
            "--latency has no effect, because the timeout (-t) is not longer: it is "
                + terms.timeout.shortText
        ]
    }
}
