extension PagerDutyFormat {
    var rejectionRemedy: String { "check the integration key" }
}
