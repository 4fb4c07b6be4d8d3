// glibc's getopt_long as one call for a whole command line: Swift rejects its global variables.
#ifndef CLINUX_OPTIONS_H
#define CLINUX_OPTIONS_H

/// One long name of an option.
struct clinux_long_option {
    /// The offset of the name in `names`.
    int name;
    /// Whether a value must follow: 0 or 1.
    int takes_value;
    /// The code to return for the option, at least 256; all names of an option have the same one.
    int code;
};

/// One result of getopt_long.
struct clinux_found_option {
    /// What getopt_long returned: a short letter, the code of a long option, '?' or ':'.
    int code;
    /// With '?' and ':', getopt_long's optopt: the letter or code; otherwise 0.
    int detail;
    /// The offset of the value in `words`; -1 if there is none.
    int value;
    /// With '?' and ':', the offset of the invalid word in `words`; otherwise -1.
    int word;
};

/// Parses a whole command line with getopt_long(3), up to the first error, which is the last
/// result. Callers are serialized, because getopt_long keeps its state in global variables.
///
/// `words` contains `word_count` words, each terminated by NUL, the program's name first; `names`
/// contains the long names in the same way. `found` must have room for as many results as `words`
/// has bytes. `operands` receives the offsets of the words that are not options, and must have
/// room for `word_count`.
///
/// Returns the number of results and sets `operand_count`; -1 if out of memory.
int clinux_parse_options(const char *words, int word_count, const char *letters, const char *names,
    const struct clinux_long_option *long_options, int long_count,
    struct clinux_found_option *found, int *operands, int *operand_count);

#endif
