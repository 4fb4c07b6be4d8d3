internal import Glibc

/// A flag that a process sets once, and that its workers can read, although they are forks.
///
/// It is a byte in a page that the processes share (mmap(2), `MAP_SHARED`). If there is no memory
/// for the page, it is never set.
@safe package final class SharedFlag {
    private let page: UnsafeMutableRawPointer?

    /// Creates a flag, before the workers are started.
    package init() {
        let page = unsafe mmap(nil, 1, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)
        unsafe self.page = page == MAP_FAILED ? nil : page
    }

    deinit {
        if let page = unsafe page { unsafe munmap(page, 1) }
    }

    /// Whether it is set.
    package var isSet: Bool {
        unsafe page.map { unsafe $0.load(as: UInt8.self) != 0 } ?? false
    }

    /// Sets it.
    package func set() {
        unsafe page?.storeBytes(of: 1, as: UInt8.self)
    }
}
