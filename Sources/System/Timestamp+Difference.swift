extension Timestamp {
    /// The time since another moment, negative if this one was before it.
    ///
    /// - Parameter other: The other moment.
    /// - Returns: The time between them, as long as nobody has set the clock.
    package func since(_ other: Timestamp) -> Duration {
        .seconds(seconds - other.seconds) + .milliseconds(milliseconds - other.milliseconds)
    }
}
