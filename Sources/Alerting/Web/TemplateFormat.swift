internal import Curl
internal import Text

/// The body of a webhook by a template, in as many requests as required to include every incident.
struct TemplateFormat: WebFormat {
    let template: Template
    let document: AlertDocument

    func requests(
        for parcel: Parcel, by base: HTTPRequest
    ) throws(WebFormatError) -> [WebRequest] {
        let parcel = parcel.datedIfLate
        let capacity = TemplateCapacity(of: template.source ?? "")
        var requests: [WebRequest] = []
        for (alert, places) in capacity.division(of: parcel, in: document) {
            let alerts = capacity == .all ? parcel.alerts : [alert]
            let body = try template.render(document.values(alert, of: alerts))
            requests.append(WebRequest(base, body: body, reporting: places))
        }
        return requests
    }

    var rejectionRemedy: String { "check the address, the template and the service" }

    func meaning(of answer: [UInt8]) -> ServiceAnswer { ServiceAnswer(answer) }
}
