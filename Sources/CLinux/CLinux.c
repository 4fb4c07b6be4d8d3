#define _GNU_SOURCE
#include "CLinux.h"

#include <fcntl.h>
#include <link.h>
#include <spawn.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

const void *clinux_find(const void *part, size_t part_count, const void *bytes, size_t count)
{
    return memmem(bytes, count, part, part_count);
}

int clinux_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

long long clinux_birth(const char *path)
{
    struct statx status;
    if (statx(AT_FDCWD, path, 0, STATX_BTIME, &status) != 0)
        return -1;
    return status.stx_mask & STATX_BTIME ? status.stx_btime.tv_sec : -1;
}

int clinux_signal_descriptor(const sigset_t *signals)
{
    return signalfd(-1, signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

static int argument_count;
static char **arguments;

// glibc passes the arguments of main to constructors.
__attribute__((constructor)) static void keep_arguments(int count, char **words, char **environment)
{
    (void)environment;
    argument_count = count;
    arguments = words;
}

char **clinux_arguments(int *count)
{
    *count = argument_count;
    return arguments;
}

int clinux_adopt_orphans(void) { return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); }

static int release_code(struct dl_phdr_info *program, size_t size, void *unused)
{
    (void)size;
    (void)unused;
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    for (int i = 0; i < program->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &program->dlpi_phdr[i];
        /* Where nothing can be written nothing is lost. */
        if (segment->p_type != PT_LOAD || (segment->p_flags & PF_W) != 0)
            continue;
        uintptr_t start = (program->dlpi_addr + segment->p_vaddr) & ~(page - 1);
        uintptr_t end = (program->dlpi_addr + segment->p_vaddr + segment->p_memsz) & ~(page - 1);
        if (end > start)
            madvise((void *)start, end - start, MADV_DONTNEED);
    }
    return 0; /* the next library */
}

void clinux_release_code(void) { dl_iterate_phdr(release_code, NULL); }

int clinux_process_descriptor(pid_t process)
{
#ifdef SYS_pidfd_open
    return (int)syscall(SYS_pidfd_open, process, 0u);
#else
    return -1;
#endif
}

int clinux_spawn(char *const arguments[], int input, int output, int diagnostics, pid_t *process)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);

    int error = posix_spawn_file_actions_init(&files);
    if (error != 0)
        return error;
    error = posix_spawnattr_init(&attributes);
    if (error == 0) {
        posix_spawnattr_setflags(
            &attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
        posix_spawnattr_setsigmask(&attributes, &none);
        posix_spawnattr_setsigdefault(&attributes, &all);
        posix_spawn_file_actions_adddup2(&files, input, 0);
        posix_spawn_file_actions_adddup2(&files, output, 1);
        posix_spawn_file_actions_adddup2(&files, diagnostics, 2);
        posix_spawn_file_actions_addclosefrom_np(&files, 3);
        error = posix_spawnp(process, arguments[0], &files, &attributes, arguments, environ);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&files);
    return error;
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
    for (int number = 1; number < 32; number++)
        sigaction(number, &plain, NULL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}
