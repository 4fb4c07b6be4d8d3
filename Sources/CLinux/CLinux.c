#define _GNU_SOURCE
#include "CLinux.h"

#include <fcntl.h>
#include <sys/syscall.h>

int clinux_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

int clinux_signal_descriptor(const sigset_t *signals)
{
    return signalfd(-1, signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

int clinux_process_descriptor(pid_t process)
{
#ifdef SYS_pidfd_open
    return (int)syscall(SYS_pidfd_open, process, 0u);
#else
    return -1;
#endif
}

void clinux_detach(int input, int output, int diagnostics)
{
    setpgid(0, 0);
    dup2(input, 0);
    dup2(output, 1);
    if (diagnostics != 2)
        dup2(diagnostics, 2);

    int closed = -1;
#ifdef SYS_close_range
    closed = (int)syscall(SYS_close_range, 3u, ~0u, 0u);
#endif
    if (closed != 0) /* a kernel before 5.9 */
        for (int descriptor = 3; descriptor < 1024; descriptor++)
            close(descriptor);

    struct sigaction plain = {.sa_handler = SIG_DFL};
    sigaction(SIGPIPE, &plain, NULL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}
