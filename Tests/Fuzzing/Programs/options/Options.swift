// Fuzzes command lines.
internal import FuzzDriver
internal import FuzzProperties

@main enum Options { static func main() { Property.options.fuzz() } }
