// Fuzzes event payloads.
internal import FuzzDriver
internal import FuzzProperties

@main enum Events { static func main() { Property.events.fuzz() } }
