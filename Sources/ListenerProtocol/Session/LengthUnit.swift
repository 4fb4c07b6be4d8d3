// What the `len` of a header counts.

/// What the `len` of a header counts.
///
/// supervisord 4 on Python 3 counts characters; supervisord 3 and the Go host count bytes. Nothing
/// in the header tells which.
enum LengthUnit: Hashable, Sendable {
    case characters
    case bytes
}
