// Runs programs as the first process of a PID namespace, as in a container.

import Glibc

/// A PID namespace, in which a program is the first process, as in a container.
package enum PIDNamespace {
    /// What stands before a command that is to be the first process of a namespace.
    package static let command =
        ["/usr/bin/unshare"]
        + (geteuid() == 0 ? [] : ["--user", "--map-root-user"])
        + ["--pid", "--fork", "--kill-child", "--mount-proc"]

    /// Whether this kernel, and what keeps us in it, allows for one.
    package static let isAllowed = (try? ChildProcess.run(command + ["true"])) != nil

    /// Why tests are skipped.
    package static let refusal: String = "this kernel allows for no PID namespace (unshare --pid)"
}
