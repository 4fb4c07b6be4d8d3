// Checks whether a listener can call supervisord.

internal import Glibc
internal import ListenerProtocol
internal import SupervisorConfiguration
internal import SupervisorRPC
internal import System

extension ListenerExamination {
    /// `serverurl=` of the section, which replaces supervisord's own URL; nil for that one.
    var ownURL: String? {
        listener.settings["serverurl"].flatMap { text in
            let isAutomatic = text.filter { !$0.isWhitespace }.uppercased() == "AUTO"
            return text.isEmpty || isAutomatic ? nil : text
        }
    }

    /// Checks the URL, the login and the rights to the socket.
    mutating func examineAccess(_ needs: ListenerNeeds, _ settings: Settings) {
        let result: Finding.Result = needs.requiresRPC ? .fault : .warning
        let url =
            settings.arguments.value(.serverURL)?.text
            ?? listener.environment["SUPERVISOR_SERVER_URL"]
            ?? configuration.commonVariables["SUPERVISOR_SERVER_URL"] ?? ownURL ?? access.url
        guard let url else {
            guard needs.requiresRPC else { return }
            return add("rpc", .fault, "it must call supervisord: add [unix_http_server]")
        }
        guard access.isOwn(url) else { return examineOther(url, settings, result) }
        let count = findings.count
        examineLogin(url, result)
        if let socket = access.socket, url.hasPrefix("unix:"), let obstacle = obstacle(of: socket) {
            add("socket", result, obstacle)
        }
        addOK("rpc", since: count, access.url ?? "")
    }

    /// Calls a server that is none of the configuration's own.
    private mutating func examineOther(
        _ url: String, _ settings: Settings, _ result: Finding.Result
    ) {
        let place = (try? ServerURL(url))?.description ?? "the server URL"
        guard let client = try? settings.client() else { return }
        do throws(RPCError) {
            _ = try client.getState()
            add("rpc", .ok, place)
        } catch {
            add(
                "rpc", result,
                "\(place) is none of supervisord's servers, and calling it fails: \(error); remove "
                    + "serverurl=, --server-url and SUPERVISOR_SERVER_URL")
        }
    }

    private mutating func examineLogin(_ url: String, _ result: Finding.Result) {
        // With only one of them supervisord does not start, which another check reports.
        guard let user = access.user, !user.isEmpty, let password = access.password else { return }
        guard let (ownUser, ownPassword) = login(url) else {
            return add(
                "login", result,
                "supervisord requires a login: set SUPERVISOR_USERNAME and SUPERVISOR_PASSWORD in environment="
            )
        }
        // A hash is compared by supervisord.
        let isRight =
            user == ownUser
            && (access.hasHashedPassword
                ? access.accepts(user, ownPassword) ?? true : password == ownPassword)
        guard !isRight else { return }
        let isInURL = environment["SUPERVISOR_USERNAME"]?.isEmpty ?? true
        add(
            "login", result,
            isInURL
                ? "the login in the server URL does not match the HTTP server's section"
                : "SUPERVISOR_USERNAME and SUPERVISOR_PASSWORD do not match the HTTP server's section"
        )
    }

    /// The listener's login: that of its variables, or else that of the URL.
    private func login(_ url: String) -> (user: String, password: String)? {
        let variables = environment
        if let user = variables["SUPERVISOR_USERNAME"], !user.isEmpty {
            return (user, variables["SUPERVISOR_PASSWORD"] ?? "")
        }
        return (try? ServerURL(url))?.login
    }

    /// Why the listener's user cannot connect to the socket, and what to change.
    private func obstacle(of socket: String) -> String? {
        guard let identity, identity.user != 0 else { return nil }
        let name = UserName.orNumber(of: identity.user)
        if geteuid() == identity.user {
            if let folder = Self.closedFolder(of: socket) {
                return "user \(name) cannot enter \(folder), which contains the socket: run chmod "
                    + "o+x \(folder), or set file= in [unix_http_server] to another directory"
            }
            // The socket of the running supervisord counts, not its settings.
            if access.processes != nil, unsafe Glibc.access(socket, W_OK) == 0 { return nil }
        }
        guard !mayConnect(identity) else { return nil }
        return "user=\(listener.settings["user"] ?? name) cannot access the socket: set chmod=0770 "
            + "and chown= in [unix_http_server], or remove user="
    }

    /// The first directory of a path that this process's user cannot enter.
    private static func closedFolder(of path: String) -> String? {
        var folders: [String] = []
        var folder = path.parentDirectory
        while folder != "/", folder != "." {
            folders.append(folder)
            folder = folder.parentDirectory
        }
        return folders.reversed().first {
            unsafe Glibc.access($0, X_OK) != 0 && errno == EACCES
        }
    }

    /// Whether a user may connect to the socket, according to its settings.
    private func mayConnect(_ identity: UserIdentity) -> Bool {
        let owner = (access.socketOwner ?? configuredUser ?? "root").split(separator: ":")
            .map(String.init)
        let ownerIdentity = owner.first.flatMap { UserIdentity(named: $0) }
        if identity.user == ownerIdentity?.user { return access.socketMode & 0o200 != 0 }
        if owner.count > 1, let group = Self.group(owner[1]), Self.isMember(identity, group) {
            return access.socketMode & 0o020 != 0
        }
        return access.socketMode & 0o002 != 0
    }

    private static func group(_ name: String) -> gid_t? {
        gid_t(name) ?? (unsafe getgrnam(name).map { unsafe $0.pointee.gr_gid })
    }

    private static func isMember(_ identity: UserIdentity, _ group: gid_t) -> Bool {
        if identity.group == group { return true }
        guard let name = UserName.of(identity.user) else { return false }
        var groups = [gid_t](repeating: 0, count: 256)
        var count: Int32 = 256
        guard unsafe getgrouplist(name, identity.group, &groups, &count) >= 0 else { return false }
        return groups.prefix(Int(count)).contains(group)
    }
}
