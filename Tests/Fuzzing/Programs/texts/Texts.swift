// Fuzzes text messages and digests.
internal import FuzzDriver
internal import FuzzProperties

@main enum Texts { static func main() { Property.texts.fuzz() } }
