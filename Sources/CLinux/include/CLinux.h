// What Linux offers and Swift's Glibc module leaves out: calls that Swift marks unavailable and macros with arguments.
#ifndef CLINUX_H
#define CLINUX_H
#include <sys/types.h>
#include <unistd.h>
#include <sys/wait.h>
#include <sys/signalfd.h>
#include <signal.h>
#include "CLinuxOptions.h"

/// fork(2), which Swift hides because a forked copy of a program with several threads cannot go on; ours has one.
static inline pid_t clinux_fork(void) { return fork(); }

#endif
