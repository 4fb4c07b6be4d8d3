internal import CLinux

/// The command line of this process.
///
/// `CommandLine` has none if a preloaded library has set an environment variable, as libfaketime
/// does.
public enum OwnArguments {
    /// The arguments, beginning with the program's name; what is not UTF-8 is replaced.
    public static let all: [String] = {
        let (words, count) = unsafe pointers
        return unsafe UnsafeBufferPointer(start: words, count: count).compactMap { word in
            unsafe word.map { unsafe String(cString: $0) }
        }
    }()

    /// The memory of the arguments, which ends with a null pointer, and their number.
    @unsafe public static var pointers:
        (
            words: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?, count: Int
        )
    {
        var count: Int32 = 0
        let words = unsafe clinux_arguments(&count)
        return unsafe (words, Int(count))
    }
}
