// What libFuzzer offers to a program with a main function of its own; LLVM has no header for it.
#include <stddef.h>
#include <stdint.h>

/// Runs a callback with inputs that it makes up, as the program's arguments say.
int LLVMFuzzerRunDriver(
    int *_Nonnull argc, char *_Nullable *_Nonnull *_Nonnull argv,
    int (*_Nonnull callback)(const uint8_t *_Nullable data, size_t size));
