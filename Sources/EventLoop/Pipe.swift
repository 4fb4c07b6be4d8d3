internal import CLinux
internal import System

/// A pipe between two processes.
///
/// Both ends are closed on `exec`, so that no child inherits another child's pipe. The
/// corresponding C function is `pipe2`.
struct Pipe {
    let reading: Descriptor
    let writing: Descriptor

    init() throws(SystemError) {
        var ends: [Int32] = [-1, -1]
        guard unsafe clinux_pipe(&ends) == 0 else { throw SystemError("cannot create a pipe") }
        reading = Descriptor(rawValue: ends[0])
        writing = Descriptor(rawValue: ends[1])
    }

    func close() {
        reading.close()
        writing.close()
    }
}
