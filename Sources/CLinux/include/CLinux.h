// What Linux offers and Swift's Glibc module leaves out: calls that Swift hides, macros with arguments.
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

/// fork(2). Swift hides it because a forked copy of a program with several threads cannot go on; ours has one.
static inline pid_t clinux_fork(void) { return fork(); }

static inline int clinux_exited(int status) { return WIFEXITED(status); }
static inline int clinux_exit_status(int status) { return WEXITSTATUS(status); }
static inline int clinux_term_signal(int status) { return WTERMSIG(status); }
static inline int clinux_stopped(int status) { return WIFSTOPPED(status); }
static inline int clinux_stop_signal(int status) { return WSTOPSIG(status); }
static inline int clinux_continued(int status) { return WIFCONTINUED(status); }

/// This program's arguments, as the kernel passed them, and their number. Swift finds them in front of the environment,
/// which is elsewhere as soon as a preloaded library has set a variable.
char **clinux_arguments(int *count);

/// prctl(2) with PR_SET_CHILD_SUBREAPER, whose arguments vary: orphans among all that descend from this process become
/// its children. 0, or -1 with errno.
int clinux_adopt_orphans(void);

/// Unmaps the pages of code and constants of this program and its libraries. What is needed again is mapped again,
/// usually from the page cache.
void clinux_release_code(void);

/// memmem(3), whose time is linear: the first place of a part in bytes, or a null pointer.
const void *clinux_find(const void *part, size_t part_count, const void *bytes, size_t count);

/// pipe2(2) with O_CLOEXEC, which Swift's Glibc module does not see. 0, or -1 with errno.
int clinux_pipe(int ends[2]);

/// statx(2): when a file was created, in seconds since 1970. -1 if the file system does not record it, or with errno.
long long clinux_birth(const char *path);

/// signalfd(2) with SFD_CLOEXEC and SFD_NONBLOCK. A descriptor, or -1 with errno.
int clinux_signal_descriptor(const sigset_t *signals);

/// pidfd_open(2): a descriptor that becomes readable when a process ends. -1 with errno on a kernel before 5.3.
int clinux_process_descriptor(pid_t process);

/// posix_spawnp(3) of a program as a stranger to its parent: as clinux_detach, but without the price of a fork.
/// 0 and the process, or the number of an error.
int clinux_spawn(char *const arguments[], int input, int output, int diagnostics, pid_t *process);

/// Makes a forked child a stranger to its parent: the given descriptors as 0, 1 and 2 and no others, a process
/// group of its own, no signal blocked or ignored. Only calls that are safe after fork(2).
void clinux_detach(int input, int output, int diagnostics);

#endif
