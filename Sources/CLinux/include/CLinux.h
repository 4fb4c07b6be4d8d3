// What Swift's Glibc module does not import: hidden calls, and macros with arguments.
#ifndef CLINUX_H
#define CLINUX_H

#include "CLinuxOptions.h"
#include "CLinuxRegex.h"
#include "CLinuxSocket.h"

#include <signal.h>
#include <stddef.h>
#include <sys/signalfd.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

/// fork(2). Swift hides it because it is unsafe in programs with several threads; ours have one.
static inline pid_t clinux_fork(void) { return fork(); }

static inline int clinux_exited(int status) { return WIFEXITED(status); }
static inline int clinux_exit_status(int status) { return WEXITSTATUS(status); }
static inline int clinux_term_signal(int status) { return WTERMSIG(status); }
static inline int clinux_stopped(int status) { return WIFSTOPPED(status); }
static inline int clinux_stop_signal(int status) { return WSTOPSIG(status); }
static inline int clinux_continued(int status) { return WIFCONTINUED(status); }

/// Returns this program's arguments, as the kernel passed them, and sets their number. Swift searches for them before
/// the environment, which moves when a preloaded library sets a variable.
char **clinux_arguments(int *count);

/// prctl(2) with PR_SET_CHILD_SUBREAPER, a variadic function: orphaned descendants of this process become its children.
/// Returns 0, or -1 with errno.
int clinux_adopt_orphans(void);

/// Unmaps the pages of code and constants of this program and its libraries. The kernel maps pages again on access,
/// usually from the page cache.
void clinux_release_code(void);

/// memmem(3), which takes linear time. Returns the first occurrence of a part in bytes, or a null pointer.
const void *clinux_find(const void *part, size_t part_count, const void *bytes, size_t count);

/// pipe2(2) with O_CLOEXEC, which Swift's Glibc module does not import. Returns 0, or -1 with errno.
int clinux_pipe(int ends[2]);

/// statx(2). Returns the time at which a file was created, in seconds since 1970; -1 with errno, or if the file system
/// does not record it.
long long clinux_birth(const char *path);

/// signalfd(2) with SFD_CLOEXEC and SFD_NONBLOCK. Returns a descriptor, or -1 with errno.
int clinux_signal_descriptor(const sigset_t *signals);

/// pidfd_open(2). Returns a descriptor that becomes readable when a process ends; -1 with errno on a kernel before 5.3.
int clinux_process_descriptor(pid_t process);

/// posix_spawnp(3) of a program that is detached from its parent as by clinux_detach, without the cost of a fork.
/// Returns 0 and sets the process, or returns an error number.
int clinux_spawn(char *const arguments[], int input, int output, int diagnostics, pid_t *process);

/// Detaches a forked child from its parent: it keeps only the given descriptors, as 0, 1 and 2, has its own process
/// group, and blocks and ignores no signals. Makes only calls that are safe after fork(2).
void clinux_detach(int input, int output, int diagnostics);

#endif
