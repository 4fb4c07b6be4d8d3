// glibc's regular expressions, whose structure Swift does not import.
#ifndef CLINUX_REGEX_H
#define CLINUX_REGEX_H

#include <stddef.h>

/// regcomp(3) of an extended regular expression. Returns 0 if it is valid; otherwise sets `message` to the text of
/// regerror(3).
int clinux_regex_fault(const char *expression, char *message, size_t size);

/// Returns 1 if a line of a text of any bytes matches the expression, otherwise 0; -1 if out of memory.
int clinux_regex_find(const char *expression, const void *text, size_t length);

#endif
