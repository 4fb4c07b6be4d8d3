// glibc's getopt_long as one call for a whole command line: Swift rejects its global variables.
#ifndef CLINUX_OPTIONS_H
#define CLINUX_OPTIONS_H

/// One long name of an option.
struct clinux_long_option {
    /// Where the name begins in the text of names.
    int name;
    /// Whether a value must follow: 0 or 1.
    int takes_value;
    /// What is reported for the option, at least 256; names of one option share it.
    int code;
};

/// One finding of getopt_long.
struct clinux_found_option {
    /// What getopt_long returned: a short letter, the code of a long option, '?' or ':'.
    int code;
    /// With '?' and ':', what getopt_long says of it in optopt: the letter or code, else 0.
    int detail;
    /// Where the value begins in the text of words; -1 without one.
    int value;
    /// With '?' and ':', where the word at fault begins in the text of words; else -1.
    int word;
};

/// Parses a whole command line with getopt_long(3), up to the first error, which is the last
/// finding. One caller at a time gets in, since getopt_long keeps its place in variables.
///
/// `words` holds `word_count` words, each ended by NUL, the program's name first; `names` the
/// long names in the same way. `found` needs room for as many findings as `words` has bytes, and
/// `operands`, where the words that are no options begin, for `word_count`.
///
/// Returns the number of findings and sets `operand_count`; -1 without memory.
int clinux_parse_options(const char *words, int word_count, const char *letters, const char *names,
    const struct clinux_long_option *long_options, int long_count,
    struct clinux_found_option *found, int *operands, int *operand_count);

#endif
