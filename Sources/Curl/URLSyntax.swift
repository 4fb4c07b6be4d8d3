internal import CCurl

/// Validates URLs with libcurl's own parser (curl_url_set(3)).
package enum URLSyntax {
    /// Returns why libcurl rejects a URL, as one clause; nil if it accepts it.
    ///
    /// - Parameter url: The URL.
    /// - Returns: libcurl's reason.
    /// - Throws: `CurlError` when libcurl is missing.
    package static func fault(of url: String) throws(CurlError) -> String? {
        if let reason = unsafe ccurl_open() {
            throw CurlError(code: .failedInit, message: unsafe String(cString: reason))
        }
        return unsafe ccurl_url_fault(url).map { unsafe String(cString: $0) }
    }
}
