// A piece of supervisord.conf as a file of this host.

extension ShownConfiguration {
    /// Writes it as a configuration for this host, without starting a supervisord.
    ///
    /// - Returns: The file, and what supervisord would get to see.
    package func stage(
        in folder: TemporaryDirectory
    ) throws -> (path: String, environment: [String: String]) {
        let stage = try ConfigurationStage(self, in: folder)
        return (try folder.write("supervisord.conf", stage.text), stage.environment)
    }
}
