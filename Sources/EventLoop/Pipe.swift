// A pipe between two processes.

internal import CLinux
internal import System

/// Two descriptors: what is written to one can be read from the other.
///
/// Both are closed in a program that is started by `exec`, so that no child holds a pipe that is
/// not its own. The corresponding C function is `pipe2`.
struct Pipe {
    let reading: Descriptor
    let writing: Descriptor

    init() throws(SystemError) {
        var ends: [Int32] = [-1, -1]
        guard unsafe clinux_pipe(&ends) == 0 else { throw SystemError("cannot make a pipe") }
        reading = Descriptor(rawValue: ends[0])
        writing = Descriptor(rawValue: ends[1])
    }

    func close() {
        reading.close()
        writing.close()
    }
}
