import Testing

@testable import Listeners

struct NearestNameTests {
    @Test(arguments: [
        ("SUPERLANCE_EMIAL", "SUPERLANCE_EMAIL"), ("SUPERLANCE_SMTP_HOST", "SUPERLANCE_SMTPHOST"),
        ("SUPERLANCE_SLAK", "SUPERLANCE_SLACK"), ("superlance_spool", "SUPERLANCE_SPOOL"),
        ("SUPERLACE_EMAIL", "SUPERLANCE_EMAIL"), ("SUPERLANCEEMAIL", "SUPERLANCE_EMAIL"),
        ("SUPERLANCE_FROM", "SUPERLANCE_FROMEMAIL"), ("SUPERLANCE_TO", "SUPERLANCE_TOEMAIL"),
        ("SUPERLANCE_SMTP", "SUPERLANCE_SMTPHOST"), ("SUPERLANCE_SPOOL_DIR", "SUPERLANCE_SPOOL"),
        ("SUPERLANCE_SLACK_WEBHOOK", "SUPERLANCE_SLACK"),
        ("SUPERLANCE_PAGERDUTY_KEY", "SUPERLANCE_PAGERDUTY"),
        ("SUPERLANCE_SMTP_USERNAME", "SUPERLANCE_USERNAME"),
        ("SUPERLANCE_SMTP_USER", "SUPERLANCE_USERNAME"), ("SUPERLANCE_SMTP_TLS", "SUPERLANCE_TLS"),
        ("SUPERLANCE_SMTP_FROMEMAIL", "SUPERLANCE_FROMEMAIL"),
    ])
    func `A misspelt variable is reported with the nearest one`(_ typed: String, _ known: String) {
        #expect(MisspeltVariables.nearest(to: typed) == known)
    }

    @Test(arguments: ["SUPERLANCE_FAVOURITE_COLOUR", "SUPERLANCE_", ""])
    func `A name that resembles no variable has no suggestion`(_ typed: String) {
        #expect(MisspeltVariables.nearest(to: typed) == nil)
    }

    @Test func `Only unknown SUPERLANCE variables are reported, never their values`() {
        let names = [
            "PATH", "SUPERLANCE_EMAIL", "SUPERLANCE_SMTP_PASSWORD", "SUPERLANCE_EMIAL",
            "SUPERLANCE_X9", "SUPERLACE_SLACK", "EMAIL", "SUPERVISOR_ENABLED", "FREELANCE_EMAIL",
            "SUPPERLANCE_SPOOL", "UPERLANCE_HTML",
        ]
        #expect(
            MisspeltVariables.warnings(among: names) == [
                "unknown variable SUPERLACE_SLACK; did you mean SUPERLANCE_SLACK?",
                "unknown variable SUPERLANCE_EMIAL; did you mean SUPERLANCE_EMAIL?",
                "unknown variable SUPERLANCE_X9",
                "unknown variable SUPPERLANCE_SPOOL; did you mean SUPERLANCE_SPOOL?",
                "unknown variable UPERLANCE_HTML; did you mean SUPERLANCE_HTML?",
            ])
    }
}
