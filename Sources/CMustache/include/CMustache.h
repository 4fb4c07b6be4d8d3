// Mustache in C++, for callers in C.
//
// The library is kainjow's, from Debian's libkainjow-mustache-dev; only CMustache.cpp includes its header.
// No function lets an exception out.

#ifndef CMUSTACHE_H
#define CMUSTACHE_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// The values that a template finds: an object that is filled from the outside inwards.
typedef struct cmustache_values cmustache_values;

/// Makes an empty object. Returns NULL when memory is short.
cmustache_values *cmustache_new(void);

void cmustache_free(cmustache_values *values);

/// Adds a text to what was begun last. Within a list the name means nothing, here and below.
void cmustache_add_text(cmustache_values *values, const char *name, const char *text, size_t count);

/// Adds what is true or false in a section, and does not become what `{{.}}` means.
void cmustache_add_flag(cmustache_values *values, const char *name, bool flag);

/// Adds an object and fills it until cmustache_end().
void cmustache_begin_object(cmustache_values *values, const char *name);

/// Adds a list and fills it until cmustache_end().
void cmustache_begin_list(cmustache_values *values, const char *name);

void cmustache_end(cmustache_values *values);

/// What became of a rendering.
enum cmustache_status {
    CMUSTACHE_RENDERED,
    /// The library does not parse the template.
    CMUSTACHE_NOT_PARSED,
    /// The result is too large, or made of too many tags.
    CMUSTACHE_TOO_LARGE,
    CMUSTACHE_NO_MEMORY,
};

struct cmustache_result {
    enum cmustache_status status;
    /// What was rendered, to be released with free(); NULL if it was not.
    char *text;
    size_t count;
};

/// Renders a template, `{{name}}` escaped for a string of JSON (RFC 8259, section 7).
///
/// A name is looked for in the innermost object first, and one that begins with a full stop nowhere else; the first part
/// of a dotted name decides where the others are looked for. A name that ends with `()` is one of the innermost object
/// only, and one that begins with a backslash one of the outermost.
///
/// - byte_limit: how large the result may be.
/// - tag_limit: how many tags may be rendered, those in a section as often as it is repeated.
struct cmustache_result cmustache_render(
    const cmustache_values *values, const char *text, size_t count, size_t byte_limit, size_t tag_limit);

#ifdef __cplusplus
}
#endif

#endif
