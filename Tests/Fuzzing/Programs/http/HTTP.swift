// Fuzzes HTTP responses.
internal import FuzzDriver
internal import FuzzProperties

@main enum HTTP { static func main() { Property.http.fuzz() } }
