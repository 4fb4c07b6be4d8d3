// Test alerts.

internal import System

extension Alert {
    /// Creates a test alert, to check whether alerts are delivered.
    ///
    /// - Parameter origin: The sender.
    /// - Returns: The alert.
    public static func sample(of origin: Origin) -> Alert {
        let time = Timestamp.now
        let message = "This is a test alert of \(origin.tool) on \(origin.host). Nothing is wrong."
        return Alert(
            subject: "\(origin.tool): test alert", body: message, time: time,
            incidents: [
                Incident(
                    .test, at: time, message: message,
                    diagnostics: Diagnostics(host: origin.host))
            ])
    }
}
