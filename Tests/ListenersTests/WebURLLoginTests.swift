import Testing

@testable import Listeners

struct WebURLLoginTests {
    @Test(arguments: [
        ("http://user:S3cr3t@h/", "no user:S3cr3t here", "no <redacted> here"),
        ("http://user:S3cr3t@h/", "dXNlcjpTM2NyM3Q=", "<redacted>"),
        ("http://user:S3cr3t@h/", "it was S3cr3t", "it was <redacted>"),
        ("http://me:a%2Fb%3Ac@h/", "you are me:a/b:c", "you are <redacted>"),
        ("http://me:a%2Fb%3Ac@h/", "bWU6YS9iOmM=", "<redacted>"),
        ("http://h/a:b@c", "a:b@c stays", "a:b@c stays"),
        // An accent behind a mark does not hide the mark.
        ("http://user:\u{301}S3cr3t@h/", "it was \u{301}S3cr3t", "it was <redacted>"),
    ])
    func `credentials that a site repeats are redacted in all forms`(
        url: String, said: String, shown: String
    ) throws {
        #expect(try #require(WebURL(url)).hidingLogin(in: said) == shown)
    }
}
