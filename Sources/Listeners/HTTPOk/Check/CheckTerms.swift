/// The settings common to all checks of a command line.
struct CheckTerms {
    /// The conditions on a response.
    var expectation = Expectation()
    /// The settings of the request.
    var request = RequestOptions()
    /// The limits for the duration and the certificate.
    var limits = CheckLimits()
    /// The timeout of the whole check, from the first name lookup to the last byte.
    var timeout = Duration.seconds(10)
}
