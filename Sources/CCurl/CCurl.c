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
    CURLM *(*multi_init)(void);
    CURLMcode (*multi_cleanup)(CURLM *);
    CURLMcode (*multi_add_handle)(CURLM *, CURL *);
    CURLMcode (*multi_remove_handle)(CURLM *, CURL *);
    CURLMcode (*multi_setopt)(CURLM *, CURLMoption, ...);
    CURLMcode (*multi_socket_action)(CURLM *, curl_socket_t, int, int *);
    CURLMsg *(*multi_info_read)(CURLM *, int *);
    const char *(*multi_strerror)(CURLMcode);
    CURLU *(*url)(void);
    void (*url_cleanup)(CURLU *);
    CURLUcode (*url_set)(CURLU *, CURLUPart, const char *, unsigned int);
    const char *(*url_strerror)(CURLUcode);
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
    curl.multi_init = symbol(library, "curl_multi_init");
    curl.multi_cleanup = symbol(library, "curl_multi_cleanup");
    curl.multi_add_handle = symbol(library, "curl_multi_add_handle");
    curl.multi_remove_handle = symbol(library, "curl_multi_remove_handle");
    curl.multi_setopt = symbol(library, "curl_multi_setopt");
    curl.multi_socket_action = symbol(library, "curl_multi_socket_action");
    curl.multi_info_read = symbol(library, "curl_multi_info_read");
    curl.multi_strerror = symbol(library, "curl_multi_strerror");
    curl.url = symbol(library, "curl_url");
    curl.url_cleanup = symbol(library, "curl_url_cleanup");
    curl.url_set = symbol(library, "curl_url_set");
    curl.url_strerror = symbol(library, "curl_url_strerror");
    if (failure) return;
    // Host names are UTF-8; libcurl converts them from the encoding of the locale.
    setlocale(LC_CTYPE, "C.UTF-8");
    // Not left to the first curl_easy_init, which initializes without a lock in old versions.
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

CURLcode ccurl_getinfo_offset(CURL *handle, CURLINFO info, curl_off_t *value) {
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

const struct curl_slist *ccurl_server_certificate(CURL *handle) {
    struct curl_certinfo *info = NULL;
    if (curl.easy_getinfo(handle, CURLINFO_CERTINFO, &info) != CURLE_OK || !info) return NULL;
    return info->num_of_certs > 0 ? info->certinfo[0] : NULL;
}

CURLM *ccurl_multi_init(void) { return curl.multi_init(); }
void ccurl_multi_cleanup(CURLM *multi) { curl.multi_cleanup(multi); }

CURLMcode ccurl_multi_add_handle(CURLM *multi, CURL *handle) {
    return curl.multi_add_handle(multi, handle);
}

CURLMcode ccurl_multi_remove_handle(CURLM *multi, CURL *handle) {
    return curl.multi_remove_handle(multi, handle);
}

CURLMcode ccurl_multi_setcallbacks(
    CURLM *multi, curl_socket_callback on_socket, curl_multi_timer_callback on_timer, void *context) {
    CURLMcode code = curl.multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    if (code == CURLM_OK) code = curl.multi_setopt(multi, CURLMOPT_SOCKETDATA, context);
    if (code == CURLM_OK) code = curl.multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_timer);
    if (code == CURLM_OK) code = curl.multi_setopt(multi, CURLMOPT_TIMERDATA, context);
    return code;
}

CURLMcode ccurl_multi_socket_action(CURLM *multi, curl_socket_t socket, int events) {
    int running = 0;
    return curl.multi_socket_action(multi, socket, events, &running);
}

CURL *ccurl_multi_next_done(CURLM *multi, CURLcode *result) {
    int left = 0;
    for (CURLMsg *message; (message = curl.multi_info_read(multi, &left));)
        if (message->msg == CURLMSG_DONE) {
            *result = message->data.result;
            return message->easy_handle;
        }
    return NULL;
}

const char *ccurl_multi_strerror(CURLMcode code) { return curl.multi_strerror(code); }

const char *ccurl_url_fault(const char *text) {
    CURLU *url = curl.url();
    if (!url) return curl.url_strerror(CURLUE_OUT_OF_MEMORY);
    CURLUcode code = curl.url_set(url, CURLUPART_URL, text, 0);
    curl.url_cleanup(url);
    return code == CURLUE_OK ? NULL : curl.url_strerror(code);
}
