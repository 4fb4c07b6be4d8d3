internal import Alerting
internal import Curl
internal import Glibc
internal import ListenerProtocol
internal import SupervisorRPC
internal import System

/// Checks what could fail later: directories, commands, the heartbeat, supervisord, and names of
/// processes.
struct SelfCheck {
    let settings: Settings
    let plan: ListenerPlan
    let needs: ListenerNeeds

    /// Runs all checks.
    ///
    /// - Parameter print: Receives a line about each.
    /// - Returns: Whether there are no problems.
    func run(_ print: (String) -> Void) -> Bool {
        var isFine = true
        let storage = StorageCheck(settings, allowsAnyOwner: geteuid() == 0)
        for folder in storage.folders + coreFolder {
            print("\(folder.option) \(folder.path): \(folder.fault ?? "writable")")
            isFine = isFine && folder.fault == nil
        }
        for (option, program) in programs {
            let isFound = ExecutableSearch.finds(program, path: settings.environment["PATH"])
            print("\(option) \(program): \(isFound ? "found" : "cannot be found or run")")
            isFine = isFine && isFound
        }
        if let fault = storage.silence?.fault {
            print("--silence: \(fault)")
            isFine = false
        }
        // Already printed as warnings.
        if !(settings.unreadableFiles + settings.unexpanded + plan.unusableSockets).isEmpty {
            isFine = false
        }
        if let address = settings.channelSettings.heartbeat {
            let fault = fault(ofHeartbeat: address)
            print("--heartbeat \(address): \(fault ?? "reachable")")
            isFine = isFine && fault == nil
        }
        let required = needs.events(for: settings).map { needs.proposal(for: $0.name) }
        let events = required.map(\.rawValue).joined(separator: ",")
        print("events: the section requires events=\(events)")
        return checkSupervisor(print) && isFine
    }

    // MARK: Files and commands

    /// The directory for core files.
    private var coreFolder: [StorageCheck.Result] {
        settings.arguments.values(.coreDirectory).suffix(1).map { value in
            StorageCheck.Result(
                option: "--coredir", path: value.text, fault: Self.fault(ofFolder: value.text))
        }
    }

    /// The programs of commands that run later.
    private var programs: [(option: String, program: String)] {
        let arguments = settings.arguments
        var programs: [(String, String)] = []
        if arguments.has(.coreDirectory) {
            let command = arguments.value(.gcore)?.text ?? CoreDump.standardCommand
            programs.append(("--gcore", String(command.prefix { $0 != " " })))
        }
        for key in [OptionKey.before, .after] {
            guard let value = arguments.value(key), let words = try? CommandWords.split(value)
            else { continue }
            programs += words.prefix(1).map { (value.name, $0) }
        }
        return programs
    }

    /// Why a directory is not writable.
    private static func fault(ofFolder folder: String) -> String? {
        guard unsafe access(folder, W_OK | X_OK) == 0 else {
            return "cannot write to it: \(SystemError.words(for: errno))"
        }
        return isFolder(folder) ? danger(in: folder) : "is not a directory"
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

    // MARK: Servers

    /// Why the server of the heartbeat cannot be reached; any response to a request for its root
    /// shows that it can, and is no heartbeat.
    private func fault(ofHeartbeat address: WebAddress) -> String? {
        var request = HTTPRequest("\(address)/")
        request.userAgent = "superlance"
        request.authorities = settings.authorities
        do throws(CurlError) {
            _ = try request.perform { _ in false }
            return nil
        } catch {
            return "\(error)"
        }
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
