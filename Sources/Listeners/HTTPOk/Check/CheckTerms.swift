// What is the same for all checks of a command line.

/// What is the same for all checks of a command line.
struct CheckTerms {
    /// What an answer must be like.
    var expectation = Expectation()
    /// How a page is asked for.
    var request = RequestOptions()
    /// What is only reported.
    var limits = CheckLimits()
    /// The bound on all of a check, from the name look-up of the first attempt to the last byte.
    var timeout = Duration.seconds(10)
}
