// Mustache in C++, for callers in C.
//
// The library is kainjow's, from Debian's libkainjow-mustache-dev; only CMustache.cpp includes its header.
// No function throws.

#ifndef CMUSTACHE_H
#define CMUSTACHE_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// The values for a template: an object to which values are added, the outermost first.
typedef struct cmustache_values cmustache_values;

/// Creates an empty object. Returns NULL if out of memory.
cmustache_values *cmustache_new(void);

void cmustache_free(cmustache_values *values);

/// Adds a text to the innermost open object or list. Within a list, names are ignored, also by the functions below.
void cmustache_add_text(cmustache_values *values, const char *name, const char *text, size_t count);

/// Adds a boolean for sections. In a section of it, `{{.}}` keeps its meaning.
void cmustache_add_flag(cmustache_values *values, const char *name, bool flag);

/// Opens an object; the following values are added to it, until cmustache_end().
void cmustache_begin_object(cmustache_values *values, const char *name);

/// Opens a list; the following values are added to it, until cmustache_end().
void cmustache_begin_list(cmustache_values *values, const char *name);

void cmustache_end(cmustache_values *values);

/// The result of rendering.
enum cmustache_status {
    CMUSTACHE_RENDERED,
    /// The template is invalid.
    CMUSTACHE_NOT_PARSED,
    /// The result is too large, or requires too many tags.
    CMUSTACHE_TOO_LARGE,
    CMUSTACHE_NO_MEMORY,
};

struct cmustache_result {
    enum cmustache_status status;
    /// The rendered text, to be released with free(); NULL on failure.
    char *text;
    size_t count;
};

/// Renders a template, with `{{name}}` escaped for a JSON string (RFC 8259, section 7).
///
/// A name is looked up in the innermost object first, then in the enclosing ones. The first part of a dotted name
/// selects the object in which the other parts are looked up. A name that begins with a full stop or ends with `()` is
/// looked up only in the innermost object, and one that begins with a backslash only in the outermost.
///
/// - byte_limit: the maximum size of the result.
/// - tag_limit: the maximum number of rendered tags; those in a section count each time it is repeated.
struct cmustache_result cmustache_render(
    const cmustache_values *values, const char *text, size_t count, size_t byte_limit, size_t tag_limit);

#ifdef __cplusplus
}
#endif

#endif
