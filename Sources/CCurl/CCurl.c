// Opens libcurl.so.4 at run time and passes each call on to it.
#include "CCurl.h"

#include <dlfcn.h>
#include <locale.h>
#include <pthread.h>
#include <stdio.h>

static struct {
    CURL *(*easy_init)(void);
    void (*easy_cleanup)(CURL *);
    CURLcode (*easy_perform)(CURL *);
    CURLcode (*easy_setopt)(CURL *, CURLoption, ...);
    CURLcode (*easy_getinfo)(CURL *, CURLINFO, ...);
    const char *(*easy_strerror)(CURLcode);
    struct curl_slist *(*slist_append)(struct curl_slist *, const char *);
    void (*slist_free_all)(struct curl_slist *);
    CURLcode (*global_init)(long);
    char *(*version)(void);
} curl;

static const char *failure;
static char failure_text[512];

static void *symbol(void *library, const char *name) {
    void *found = dlsym(library, name);
    if (!found && !failure) {
        snprintf(
            failure_text, sizeof failure_text,
            "libcurl.so.4 has no %s; install the package libcurl4", name);
        failure = failure_text;
    }
    return found;
}

static void open_library(void) {
    void *library = dlopen("libcurl.so.4", RTLD_LAZY | RTLD_LOCAL);
    if (!library) {
        const char *reason = dlerror();
        snprintf(
            failure_text, sizeof failure_text,
            "cannot open libcurl.so.4: %s; install the package libcurl4",
            reason ? reason : "no reason given");
        failure = failure_text;
        return;
    }
    curl.easy_init = symbol(library, "curl_easy_init");
    curl.easy_cleanup = symbol(library, "curl_easy_cleanup");
    curl.easy_perform = symbol(library, "curl_easy_perform");
    curl.easy_setopt = symbol(library, "curl_easy_setopt");
    curl.easy_getinfo = symbol(library, "curl_easy_getinfo");
    curl.easy_strerror = symbol(library, "curl_easy_strerror");
    curl.slist_append = symbol(library, "curl_slist_append");
    curl.slist_free_all = symbol(library, "curl_slist_free_all");
    curl.global_init = symbol(library, "curl_global_init");
    curl.version = symbol(library, "curl_version");
    if (failure) return;
    // Names of hosts come as UTF-8; libcurl asks the locale how to read them.
    setlocale(LC_CTYPE, "C.UTF-8");
    // Here and not in the first curl_easy_init: old versions do that one without a lock.
    CURLcode code = curl.global_init(CURL_GLOBAL_DEFAULT);
    if (code != CURLE_OK) {
        snprintf(
            failure_text, sizeof failure_text, "cannot prepare libcurl.so.4: %s",
            curl.easy_strerror(code));
        failure = failure_text;
    }
}

const char *ccurl_open(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, open_library);
    return failure;
}

CURL *ccurl_easy_init(void) { return curl.easy_init(); }
void ccurl_easy_cleanup(CURL *handle) { curl.easy_cleanup(handle); }
CURLcode ccurl_easy_perform(CURL *handle) { return curl.easy_perform(handle); }

CURLcode ccurl_setopt_long(CURL *handle, CURLoption option, long value) {
    return curl.easy_setopt(handle, option, value);
}

CURLcode ccurl_setopt_offset(CURL *handle, CURLoption option, curl_off_t value) {
    return curl.easy_setopt(handle, option, value);
}

CURLcode ccurl_setopt_string(CURL *handle, CURLoption option, const char *value) {
    return curl.easy_setopt(handle, option, value);
}

CURLcode ccurl_setopt_pointer(CURL *handle, CURLoption option, void *value) {
    return curl.easy_setopt(handle, option, value);
}

CURLcode ccurl_setopt_write(CURL *handle, CURLoption option, curl_write_callback function) {
    return curl.easy_setopt(handle, option, function);
}

CURLcode ccurl_setopt_read(CURL *handle, curl_read_callback function) {
    return curl.easy_setopt(handle, CURLOPT_READFUNCTION, function);
}

CURLcode ccurl_setopt_debug(CURL *handle, curl_debug_callback function) {
    return curl.easy_setopt(handle, CURLOPT_DEBUGFUNCTION, function);
}

CURLcode ccurl_setopt_progress(CURL *handle, curl_xferinfo_callback function) {
    return curl.easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, function);
}

CURLcode ccurl_getinfo_long(CURL *handle, CURLINFO info, long *value) {
    return curl.easy_getinfo(handle, info, value);
}

CURLcode ccurl_getinfo_string(CURL *handle, CURLINFO info, const char **value) {
    return curl.easy_getinfo(handle, info, value);
}

struct curl_slist *ccurl_slist_append(struct curl_slist *list, const char *text) {
    return curl.slist_append(list, text);
}

void ccurl_slist_free_all(struct curl_slist *list) { curl.slist_free_all(list); }

const char *ccurl_easy_strerror(CURLcode code) { return curl.easy_strerror(code); }
const char *ccurl_version(void) { return curl.version(); }
