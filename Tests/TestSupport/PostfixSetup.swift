import Foundation

/// Writes the files of a private Postfix to a directory (postconf(5), master(5)).
struct PostfixSetup {
    let directory: TemporaryDirectory
    let features: Postfix.Features
    let certificate: TestCertificate?
    let port: Int

    /// The directory where scripts/setup has unpacked it.
    private static let root = "\(Document.root)/.build/debian/usr"
    static let daemons = "\(root)/lib/postfix/sbin"
    /// Its programs search for their libraries at the package's paths.
    static let environment = ["LD_LIBRARY_PATH": "\(root)/lib/postfix"]

    /// Postfix requires a user and a group that nothing else uses; every Debian has these two, and
    /// no program uses them any more.
    private static let owner = "uucp"
    private static let group = "news"

    var configuration: String { directory.path("conf") }

    func write(mailboxes: [String]) throws {
        let daemon = "\(Self.daemons)/master"
        guard FileManager.default.isExecutableFile(atPath: daemon) else {
            throw TestFailure("there is no \(daemon); run scripts/setup test")
        }
        try makeFolders()
        try directory.write("conf/main.cf", settings.map { "\($0) = \($1)\n" }.joined())
        try directory.write("conf/master.cf", services)
        try directory.write(
            "conf/mailboxes", mailboxes.map { "\($0)@example.org \($0)/\n" }.joined())
        try directory.writeProgram(
            "sendmail",
            """
            #!/bin/sh
            LD_LIBRARY_PATH=\(Self.root)/lib/postfix
            export LD_LIBRARY_PATH
            exec \(Self.root)/sbin/sendmail -C \(configuration) "$@"

            """)
        try directory.write(
            "greylist.py",
            String(contentsOfFile: HelperServer.script("greylist.py"), encoding: .utf8))
        if let login = features.login { try addUser(login.user, login.password) }
    }

    /// Creates the directories as post-install(1) does, with the modes of its postfix-files.
    private func makeFolders() throws {
        let own = [
            "active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming",
            "private", "saved", "trace",
        ].map { directory.path("queue/\($0)") }
        let shared = ["maildrop", "public"].map { directory.path("queue/\($0)") }
        let data = directory.path("data")
        let mails = [directory.path("mail"), directory.path("grey")]
        let others = [directory.path("conf/sasl"), directory.path("queue/pid"), data]
        for path in own + shared + mails + others {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true)
        }
        // Postfix's users must be able to enter it.
        try ChildProcess.run(["/bin/chmod", "711", directory.path])
        try ChildProcess.run(["/bin/chown", Self.owner, data] + own)
        try ChildProcess.run(["/bin/chown", "\(Self.owner):\(Self.group)"] + shared)
        try ChildProcess.run(["/bin/chown", "nobody"] + mails)
        try ChildProcess.run(["/bin/chmod", "700", data] + own)
        try ChildProcess.run(["/bin/chmod", "1730", shared[0]])
        try ChildProcess.run(["/bin/chmod", "710", shared[1]])
    }

    private var settings: KeyValuePairs<String, String> {
        let restrictions =
            (features.login == nil ? "permit_mynetworks" : "permit_sasl_authenticated, reject")
        let policy = features.greylisting == nil ? "" : "check_policy_service unix:private/grey, "
        return [
            "compatibility_level": "3.6",
            "mail_owner": Self.owner,
            "setgid_group": Self.group,
            "queue_directory": directory.path("queue"),
            "data_directory": directory.path("data"),
            "command_directory": "\(Self.root)/sbin",
            "daemon_directory": Self.daemons,
            "shlib_directory": "\(Self.root)/lib/postfix",
            "meta_directory": configuration,
            "maillog_file": directory.path("log"),
            "maillog_file_prefixes": directory.path,
            "import_environment": "MAIL_CONFIG LD_LIBRARY_PATH LANG=C",
            "export_environment": "MAIL_CONFIG LD_LIBRARY_PATH LANG=C",
            "inet_interfaces": "loopback-only",
            "inet_protocols": "ipv4",
            "myhostname": "localhost",
            "mydestination": "",
            "mynetworks": "127.0.0.0/8",
            "alias_maps": "",
            "alias_database": "",
            "virtual_mailbox_domains": "example.org",
            "virtual_mailbox_base": directory.path("mail"),
            "virtual_mailbox_maps": "texthash:\(directory.path("conf/mailboxes"))",
            "virtual_mailbox_limit": "0",
            "virtual_minimum_uid": "1",
            "virtual_uid_maps": "static:65534",
            "virtual_gid_maps": "static:65534",
            // No mail leaves this machine.
            "default_transport": "error:no way out",
            "relay_transport": "error:no way out",
            "message_size_limit": "\(features.sizeLimit)",
            "smtpd_recipient_restrictions": policy + restrictions,
            "smtpd_tls_security_level": certificate == nil ? "none" : "may",
            "smtpd_tls_auth_only": certificate == nil ? "no" : "yes",
            "smtpd_tls_cert_file": certificate?.certificate ?? "",
            "smtpd_tls_key_file": certificate?.key ?? "",
            "smtpd_sasl_auth_enable": features.login == nil ? "no" : "yes",
            "smtpd_sasl_local_domain": "localhost",
            // Debian's version searches there in any case.
            "cyrus_sasl_config_path": directory.path("conf/sasl"),
        ]
    }

    /// No daemon runs in a chroot, which would need files of its own.
    private var services: String {
        // Another user may not be able to read our copy.
        let greylist =
            "\(HelperServer.python) -B \(directory.path("greylist.py")) "
            + "\(features.greylisting ?? 0) \(directory.path("grey"))"
        return """
            127.0.0.1:\(port) inet n - n - - smtpd
            pickup unix n - n 1 1 pickup
            cleanup unix n - n - 0 cleanup
            qmgr unix n - n 300 1 qmgr
            tlsmgr unix - - n 1000? 1 tlsmgr
            rewrite unix - - n - - trivial-rewrite
            bounce unix - - n - 0 bounce
            defer unix - - n - 0 bounce
            trace unix - - n - 0 bounce
            error unix - - n - - error
            virtual unix - n n - - virtual
            proxymap unix - - n - - proxymap
            anvil unix - - n - 1 anvil
            showq unix n - n - - showq
            flush unix n - n 1000? 0 flush
            postlog unix-dgram n - n - 1 postlogd
            grey unix - n n - 1 spawn user=nobody argv=\(greylist)

            """
    }

    /// Adds a user to Cyrus SASL's database, which smtpd reads.
    private func addUser(_ user: String, _ password: String) throws {
        let database = directory.path("conf/sasldb2")
        try directory.write(
            "conf/sasl/smtpd.conf",
            """
            pwcheck_method: auxprop
            auxprop_plugin: sasldb
            sasldb_path: \(database)
            mech_list: PLAIN LOGIN CRAM-MD5

            """)
        let program = try ChildProcess([
            "\(Self.root)/sbin/saslpasswd2", "-p", "-c", "-f", database, "-u", "localhost", user,
        ])
        try program.write(Array(password.utf8))
        program.closeInput()
        guard try program.waitForExit() == .exited(0) else {
            throw TestFailure("saslpasswd2: \(program.standardError)")
        }
        try ChildProcess.run(["/bin/chown", Self.owner, database])
    }
}
