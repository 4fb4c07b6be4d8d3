/// The certificate authorities that a server's certificate is verified against.
public struct CertificateAuthorities: Sendable, Hashable {
    /// A file of certificates in PEM form, or nil for those libcurl was built to use.
    ///
    /// The corresponding C option is `CURLOPT_CAINFO`. A file replaces all defaults: libcurl's
    /// default directory (`CURLOPT_CAPATH`) is disabled.
    public let file: String?

    /// Trusts the certificates of a file.
    ///
    /// - Parameter file: The path of a file in PEM form, or nil for libcurl's default.
    public init(file: String?) { self.file = file }

    /// libcurl's default authorities.
    public static let system = Self(file: nil)

    /// The variables that name a file, in order of precedence.
    public static let variables = ["CURL_CA_BUNDLE", "SSL_CERT_FILE"]

    /// Selects the authorities in the same order as the `curl` command: the option,
    /// `CURL_CA_BUNDLE`, `SSL_CERT_FILE`, libcurl's default.
    ///
    /// The variables must be read here because libcurl ignores them; only the command reads them
    /// (curl(1), `--cacert`). An empty value counts as unset.
    ///
    /// - Parameters:
    ///   - option: The path given by the user, if any.
    ///   - environment: Returns the value of an environment variable.
    /// - Returns: The authorities to trust.
    public static func choose(
        option: String?, environment: (String) -> String?
    ) -> Self {
        if let option, !option.isEmpty { return Self(file: option) }
        for name in variables {
            if let path = environment(name), !path.isEmpty { return Self(file: path) }
        }
        return .system
    }
}
