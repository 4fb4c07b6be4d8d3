import Glibc

/// Runs a program as the first process of a PID namespace, as in a container.
package enum PIDNamespace {
    /// The prefix of a command that runs it in a new namespace.
    package static let command =
        ["/usr/bin/unshare"]
        + (geteuid() == 0 ? [] : ["--user", "--map-root-user"])
        + ["--pid", "--fork", "--kill-child", "--mount-proc"]

    /// Whether the kernel and our sandbox permit namespaces.
    package static let isAllowed = (try? ChildProcess.run(command + ["true"])) != nil

    /// The reason for skipped tests.
    package static let refusal: String = "this kernel allows for no PID namespace (unshare --pid)"
}
