// What libcurl itself says of a URL.

internal import CCurl

/// Asks libcurl's own parser about a URL (curl_url_set(3)).
package enum URLSyntax {
    /// Why libcurl rejects a URL, as one clause; nil when it accepts it.
    ///
    /// - Parameter url: The URL.
    /// - Returns: The reason in libcurl's words.
    /// - Throws: `CurlError` when libcurl is missing.
    package static func fault(of url: String) throws(CurlError) -> String? {
        if let reason = unsafe ccurl_open() {
            throw CurlError(code: .failedInit, message: unsafe String(cString: reason))
        }
        return unsafe ccurl_url_fault(url).map { unsafe String(cString: $0) }
    }
}
