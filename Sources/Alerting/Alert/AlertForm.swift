internal import Text

/// How the text of an alert about several processes is made, so that it can be made for some of
/// them only.
enum AlertForm {
    /// Several crashes at once.
    case massCrash
    /// A batch.
    case batch

    /// Determines the form of an alert.
    ///
    /// - Parameter alert: The alert; the result is nil if its text has another form.
    init?(of alert: Alert) {
        for form in [AlertForm.massCrash, .batch]
        where alert.body.beginsExactly(with: form.body(alert.incidents)) {
            self = form
            return
        }
        return nil
    }

    /// The alert about some of its incidents.
    ///
    /// - Parameters:
    ///   - alert: The alert about all of them, which has this form.
    ///   - incidents: The incidents; at least one.
    /// - Returns: The alert, with the same identity.
    func alert(_ alert: Alert, restrictedTo incidents: [Incident]) -> Alert {
        // A notice may follow.
        let rest = alert.body.utf8.dropFirst(body(alert.incidents).utf8.count)
        let own = alert.with("\(part(incidents))\(Substring(rest))", of: incidents)
        guard self == .massCrash, let subject = alert.subject,
            let place = subject[...].firstRange(ofText: MassCrash.subject(alert.incidents))
        else { return own }
        let title = MassCrash.subject(ofPart: incidents)
        return own.titled("\(subject[..<place.lowerBound])\(title)\(subject[place.upperBound...])")
    }

    private func body(_ incidents: [Incident]) -> String {
        let body =
            switch self {
            case .massCrash: MassCrash.body(incidents)
            case .batch: BatchBody.of(incidents)
            }
        return body.withVisibleControls
    }

    private func part(_ incidents: [Incident]) -> String {
        switch self {
        case .massCrash: MassCrash.body(ofPart: incidents)
        case .batch: BatchBody.of(incidents)
        }
    }
}
