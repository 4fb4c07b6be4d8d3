#include "CLinuxOptions.h"

#include <getopt.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/// Returns the word that getopt_long rejected: the last one parsed, or the current one within a cluster of letters.
static const char *faulty_word(int argc, char **argv, int letter) {
    if (letter != 0 && letter < 256 && optind < argc) {
        const char *word = argv[optind];
        if (word[0] == '-' && word[1] != '-' && strchr(word, (char)letter)) return word;
    }
    return argv[optind - 1];
}

static int parse(int argc, char **argv, const char *words, const char *letters,
    const struct option *options, struct clinux_found_option *found) {
    int count = 0;
    // 0 instead of 1 makes glibc reset its state, also after an incomplete parse.
    optind = 0;
    opterr = 0;
    for (;;) {
        optarg = NULL;
        optopt = 0;
        int code = getopt_long(argc, argv, letters, options, NULL);
        if (code == -1) return count;
        int failed = code == '?' || code == ':';
        found[count++] = (struct clinux_found_option){
            .code = code,
            .detail = failed ? optopt : 0,
            .value = !failed && optarg ? (int)(optarg - words) : -1,
            .word = failed ? (int)(faulty_word(argc, argv, optopt) - words) : -1,
        };
        if (failed) return count;
    }
}

int clinux_parse_options(const char *words, int word_count, const char *letters, const char *names,
    const struct clinux_long_option *long_options, int long_count,
    struct clinux_found_option *found, int *operands, int *operand_count) {
    int count = -1;
    char **argv = calloc((size_t)word_count + 1, sizeof *argv);
    struct option *options = calloc((size_t)long_count + 1, sizeof *options);
    if (argv && options) {
        const char *word = words;
        for (int i = 0; i < word_count; i++, word += strlen(word) + 1) argv[i] = (char *)word;
        for (int i = 0; i < long_count; i++) {
            options[i].name = names + long_options[i].name;
            options[i].has_arg = long_options[i].takes_value ? required_argument : no_argument;
            options[i].val = long_options[i].code;
        }
        pthread_mutex_lock(&lock);
        count = parse(word_count, argv, words, letters, options, found);
        *operand_count = 0;
        for (int i = optind; i < word_count; i++)
            operands[(*operand_count)++] = (int)(argv[i] - words);
        pthread_mutex_unlock(&lock);
    }
    free(options);
    free(argv);
    return count;
}
