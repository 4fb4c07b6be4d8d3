// Fuzzes answers of XML-RPC.
internal import FuzzDriver
internal import FuzzProperties

@main enum Responses { static func main() { Property.responses.fuzz() } }
