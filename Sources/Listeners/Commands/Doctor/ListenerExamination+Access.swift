// Checks whether a listener can call supervisord.

internal import Glibc
internal import ListenerProtocol
internal import SupervisorConfiguration
internal import SupervisorRPC

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
        examineLogin(result)
        if access.socket != nil, !mayConnect {
            add(
                "socket", result,
                "user=\(listener.settings["user"] ?? "") cannot access the socket: set chmod=0770 and "
                    + "chown= in [unix_http_server], or remove user=")
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

    private mutating func examineLogin(_ result: Finding.Result) {
        // With only one of them supervisord does not start, which another check reports.
        guard let user = access.user, !user.isEmpty, let password = access.password else { return }
        let variables = environment
        if variables["SUPERVISOR_USERNAME"] == nil {
            add(
                "login", result,
                "supervisord requires a login: set SUPERVISOR_USERNAME and SUPERVISOR_PASSWORD in environment="
            )
        } else if !isLogin(variables, user, password) {
            add(
                "login", result,
                "SUPERVISOR_USERNAME and SUPERVISOR_PASSWORD do not match the HTTP server's section"
            )
        }
    }

    /// Whether a listener's variables contain the login; a hash is compared by supervisord.
    private func isLogin(
        _ variables: [String: String], _ user: String, _ password: String
    ) -> Bool {
        guard variables["SUPERVISOR_USERNAME"] == user else { return false }
        let own = variables["SUPERVISOR_PASSWORD"] ?? ""
        guard access.hasHashedPassword else { return own == password }
        return access.accepts(user, own) ?? true
    }

    /// Whether the listener's user may connect to the socket, according to its settings.
    private var mayConnect: Bool {
        guard let identity, identity.user != 0 else { return true }
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
        guard let name = UserIdentity.name(of: identity.user) else { return false }
        var groups = [gid_t](repeating: 0, count: 256)
        var count: Int32 = 256
        guard unsafe getgrouplist(name, identity.group, &groups, &count) >= 0 else { return false }
        return groups.prefix(Int(count)).contains(group)
    }
}
