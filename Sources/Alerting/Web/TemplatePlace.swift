// What an object in a list knows about its place.

/// What an object in a list knows about its place there, besides its fields.
///
/// Without it no template could put commas between the objects of a JSON array.
struct TemplatePlace {
    /// The object's number, from 0.
    let index: Int

    /// How many there are.
    let count: Int

    /// What is true or false.
    static let flags = ["first()", "last()", "even()", "odd()"]

    /// A number, from 0.
    static let index = "index()"

    /// All that is known.
    static let names = flags + [index]

    /// What is true of the place.
    func flag(_ name: String) -> Bool {
        switch name {
        case "first()": index == 0
        case "last()": index == count - 1
        case "even()": index.isMultiple(of: 2)
        default: !index.isMultiple(of: 2)
        }
    }
}
