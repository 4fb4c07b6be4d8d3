// Writes an excerpt of supervisord.conf for the test host.

extension ShownConfiguration {
    /// Writes the excerpt as a configuration for this host, without starting supervisord.
    ///
    /// - Returns: The file, and the environment for supervisord.
    package func stage(
        in folder: TemporaryDirectory
    ) throws -> (path: String, environment: [String: String]) {
        let stage = try ConfigurationStage(self, in: folder)
        return (try folder.write("supervisord.conf", stage.text), stage.environment)
    }
}
