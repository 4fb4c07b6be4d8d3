// Hides a login that somebody repeats.

internal import Curl
internal import Text

extension Credentials {
    /// What must not be shown: the login, what goes over the wire for it (RFC 7617), the password.
    var secrets: [String] {
        let login = "\(user):\(password)"
        return [Base64.encode(login), login, password].filter { !$0.isEmpty }
    }
}
