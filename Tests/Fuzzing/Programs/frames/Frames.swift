// Fuzzes the frame reader.
internal import FuzzDriver
internal import FuzzProperties

@main enum Frames { static func main() { Property.frames.fuzz() } }
