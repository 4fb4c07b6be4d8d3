/// The unit of `len` in a header.
///
/// supervisord 4 on Python 3 counts characters; supervisord 3 and the Go implementation count
/// bytes. The header does not indicate which.
enum LengthUnit: Hashable, Sendable {
    case characters
    case bytes
}
