// Fuzzes everything that is done with numbers from outside.
internal import FuzzDriver
internal import FuzzProperties

@main enum Numbers { static func main() { Property.numbers.fuzz() } }
