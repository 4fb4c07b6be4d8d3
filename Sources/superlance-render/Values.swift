// The values that a template finds.

import Foundation

/// The values that a template finds.
enum Values {
    /// A value without what is not known, so that a section about it is left out.
    ///
    /// - Parameter value: What JSON became.
    /// - Returns: The value; nothing for null and an empty text.
    static func known(_ value: Any) -> Any? {
        switch value {
        case is NSNull: nil
        case let text as String: text.isEmpty ? nil : text
        case let number as NSNumber: number.intValue
        case let list as [Any]: list.compactMap(known)
        case let object as [String: Any]: object.compactMapValues(known)
        default: nil
        }
    }
}
