// The secret forms of credentials.

internal import Curl
internal import Text

extension Credentials {
    /// The secrets: the credentials, their encoded form in requests (RFC 7617) and the password.
    var secrets: [String] {
        let login = "\(user):\(password)"
        return [Base64.encode(login), login, password].filter { !$0.isEmpty }
    }
}
