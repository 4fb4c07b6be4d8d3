// Which certificate authorities a server's certificate is verified against.

/// The certificate authorities that are trusted.
public struct CertificateAuthorities: Sendable, Hashable {
    /// A file of certificates in PEM form, or nil for those libcurl was built to use.
    ///
    /// The corresponding C option is `CURLOPT_CAINFO`. When a file is given, nothing else is
    /// trusted: libcurl's default directory (`CURLOPT_CAPATH`) is switched off.
    public let file: String?

    /// Trusts the certificates of a file.
    ///
    /// - Parameter file: The path of a file in PEM form, or nil for libcurl's default.
    public init(file: String?) { self.file = file }

    /// The authorities of the system, as libcurl was built to find them.
    public static let system = Self(file: nil)

    /// Chooses the authorities as `curl` does on the command line: the option, else
    /// `CURL_CA_BUNDLE`, else `SSL_CERT_FILE`, else libcurl's default.
    ///
    /// libcurl itself does not look at these variables, the command does (curl(1), `--cacert`).
    /// An empty text counts as none.
    ///
    /// - Parameters:
    ///   - option: The path given by the user, if any.
    ///   - environment: Looks up a variable of the environment.
    /// - Returns: The authorities to trust.
    public static func choose(
        option: String?, environment: (String) -> String?
    ) -> Self {
        if let option, !option.isEmpty { return Self(file: option) }
        for name in ["CURL_CA_BUNDLE", "SSL_CERT_FILE"] {
            if let path = environment(name), !path.isEmpty { return Self(file: path) }
        }
        return .system
    }
}
