// Fuzzes mails.
internal import FuzzDriver
internal import FuzzProperties

@main enum Mails { static func main() { Property.mails.fuzz() } }
