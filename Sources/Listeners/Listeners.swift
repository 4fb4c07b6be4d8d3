public struct HTTPOk {}
extension HTTPOk { public static func main() {} }
