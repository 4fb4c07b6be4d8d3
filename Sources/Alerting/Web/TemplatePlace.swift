/// The position of an object in a list, available to templates.
///
/// It is required to put commas between the objects of a JSON array.
struct TemplatePlace {
    /// The object's index, from 0.
    let index: Int

    /// The number of objects.
    let count: Int

    /// The names of booleans.
    static let flags = ["first()", "last()", "even()", "odd()"]

    /// The name of the index.
    static let index = "index()"

    /// All names.
    static let names = flags + [index]

    /// The value of a boolean.
    func flag(_ name: String) -> Bool {
        switch name {
        case "first()": index == 0
        case "last()": index == count - 1
        case "even()": index.isMultiple(of: 2)
        default: !index.isMultiple(of: 2)
        }
    }
}
