// Reports logs that supervisord cannot rotate.

internal import SupervisorConfiguration

extension Examination {
    /// Checks the logs of supervisord, the programs and the listeners.
    mutating func examineLogs(_ programs: [ConfiguredProgram]) {
        for log in configuration.unseekableLogs(programs) {
            let isProgram = programs.contains { $0.section.name == log.section && !$0.isListener }
            let consequence =
                log.section == "supervisord" ? "does not start" : "loses it after the first line"
            add(
                log.section, "logfile", isProgram ? .warning : .fault,
                "\(log.key)=\(log.path) cannot be rotated, so supervisord \(consequence): set "
                    + "\(log.key)_maxbytes=0")
        }
    }
}
