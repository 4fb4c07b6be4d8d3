// glibc's regular expressions, of which Swift does not see the structure.
#ifndef CLINUX_REGEX_H
#define CLINUX_REGEX_H

#include <stddef.h>

/// regcomp(3) of an extended regular expression. 0 if it is one, else regerror(3)'s words in `message`.
int clinux_regex_fault(const char *expression, char *message, size_t size);

/// Whether a text of any bytes has the expression, line by line: 1 or 0, or -1 without memory.
int clinux_regex_find(const char *expression, const void *text, size_t length);

#endif
