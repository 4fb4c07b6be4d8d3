internal import Glibc
internal import ListenerProtocol
internal import SupervisorRPC
internal import System

/// Checks what could fail later: directories, supervisord, and names of processes.
struct SelfCheck {
    let settings: Settings
    let plan: ListenerPlan

    /// Runs all checks.
    ///
    /// - Parameter print: Receives a line about each.
    /// - Returns: Whether there are no problems.
    func run(_ print: (String) -> Void) -> Bool {
        var isFine = true
        for (option, folder) in folders {
            let fault = Self.fault(ofFolder: folder)
            print("\(option) \(folder): \(fault ?? "writable")")
            isFine = isFine && fault == nil
        }
        return checkSupervisor(print) && isFine
    }

    private var folders: [(option: String, folder: String)] {
        let spool = settings.spool.map { [("--spool", $0)] } ?? []
        return spool
            + (settings.other.metrics.map { path in
                [("--metrics", Self.isFolder(path) ? path : path.parentDirectory)]
            } ?? [])
    }

    /// Why a directory is not writable; one that does not exist can be created if its parent is
    /// writable.
    private static func fault(ofFolder folder: String) -> String? {
        if unsafe access(folder, W_OK | X_OK) == 0 {
            return isFolder(folder) ? danger(in: folder) : "is not a directory"
        }
        guard errno == ENOENT, folder != "/", !folder.isEmpty else {
            return "cannot write to it: \(SystemError.words(for: errno))"
        }
        return fault(ofFolder: folder.parentDirectory)
    }

    /// Why the listener would reject a directory that it can write to.
    ///
    /// If root checks it for another user, it may belong to that user.
    private static func danger(in folder: String) -> String? {
        do throws(SystemError) {
            try Directory(folder).requireOwn(allowsSticky: true, allowsAnyOwner: geteuid() == 0)
            return nil
        } catch {
            return error.action
        }
    }

    private static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    private func checkSupervisor(_ print: (String) -> Void) -> Bool {
        guard let client = plan.client else {
            print("supervisord: not checked; give --server-url to check it by hand")
            return true
        }
        do throws(RPCError) {
            let processes = try client.getAllProcessInfo().map(\.processName)
            print("supervisord: reachable, \(processes.count) processes")
            let unmatched = plan.selectors.filter { !processes.contains(where: $0.matches) }
            for selector in unmatched { print(SelectorAudit.warning(selector)) }
            return unmatched.isEmpty
        } catch {
            print("supervisord: \(error)")
            return false
        }
    }
}
