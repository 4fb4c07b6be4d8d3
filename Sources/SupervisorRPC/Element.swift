internal import CExpat
internal import Glibc

/// An element of a response.
enum Element {
    case response, value, array, structure, name, fault
    case int, boolean, double, string, null
    /// An element that only groups others, or an unknown one.
    case other

    /// Recognises a name in expat's form.
    ///
    /// It is called for each element of a response, so it compares bytes without creating a String.
    @unsafe
    init(_ name: UnsafePointer<XML_Char>) {
        // After the first letter, one or two names are left to compare.
        func has(_ other: StaticString) -> Bool {
            unsafe strcmp(
                name, UnsafeRawPointer(other.utf8Start).assumingMemoryBound(to: CChar.self))
                == 0
        }
        self =
            switch unsafe UInt8(bitPattern: name[0]) {
            case UInt8(ascii: "v") where has("value"): .value
            case UInt8(ascii: "s") where has("string"): .string
            case UInt8(ascii: "s") where has("struct"): .structure
            case UInt8(ascii: "n") where has("name"): .name
            case UInt8(ascii: "n") where has("nil"): .null
            case UInt8(ascii: "i") where has("int") || has("i4") || has("i8"): .int
            case UInt8(ascii: "b") where has("boolean"): .boolean
            case UInt8(ascii: "b") where has("base64"): .string
            case UInt8(ascii: "d") where has("double"): .double
            case UInt8(ascii: "d") where has("dateTime.iso8601"): .string
            case UInt8(ascii: "a") where has("array"): .array
            case UInt8(ascii: "f") where has("fault"): .fault
            case UInt8(ascii: "m") where has("methodResponse"): .response
            default: .other
            }
    }
}
