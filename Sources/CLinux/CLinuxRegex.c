#define _GNU_SOURCE
#include "CLinuxRegex.h"

#include <locale.h>
#include <regex.h>

static const int flags = REG_EXTENDED | REG_NOSUB | REG_NEWLINE;

/// Switches this thread to UTF-8 and back: a letter beyond ASCII is one letter, whatever LANG says.
static locale_t switch_to_utf8(locale_t *made) {
    *made = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    return *made ? uselocale(*made) : (locale_t)0;
}

static void switch_back(locale_t before, locale_t made) {
    if (!made) return;
    uselocale(before);
    freelocale(made);
}

int clinux_regex_fault(const char *expression, char *message, size_t size) {
    locale_t made, before = switch_to_utf8(&made);
    regex_t regex;
    int code = regcomp(&regex, expression, flags);
    if (code != 0)
        regerror(code, &regex, message, size);
    else
        regfree(&regex);
    switch_back(before, made);
    return code;
}

int clinux_regex_find(const char *expression, const void *text, size_t length) {
    locale_t made, before = switch_to_utf8(&made);
    regex_t regex;
    int result = -1;
    if (regcomp(&regex, expression, flags) == 0) {
        // Not a string but a range, so that a NUL in the text does not end it.
        regmatch_t range = {.rm_so = 0, .rm_eo = (regoff_t)length};
        int code = regexec(&regex, length > 0 ? text : "", 1, &range, REG_STARTEND);
        result = code == 0 ? 1 : code == REG_NOMATCH ? 0 : -1;
        regfree(&regex);
    }
    switch_back(before, made);
    return result;
}
