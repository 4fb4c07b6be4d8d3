// libcurl for Swift: the constants of curl/curl.h, and its functions without variadic arguments,
// loaded from libcurl.so.4 on first use.
//
// The programs run for a long time and rarely use anything but supervisord's pipe. Linking libcurl
// would load some thirty libraries into each of them at start. Instead, ccurl_open() opens it with
// dlopen; no other function may be called before ccurl_open() has returned NULL.
#ifndef CCURL_H
#define CCURL_H

#include <curl/curl.h>

/// Opens libcurl.so.4 and prepares it, once per process; any thread may call it.
/// Returns NULL if libcurl is ready, otherwise one sentence that names what is missing, which is never freed.
const char *_Nullable ccurl_open(void);

/// CURLOPT_PROTOCOLS: a mask of CURLPROTO_ bits. Deprecated in the header in favour of a list of
/// names, but the only form that all supported versions of libcurl.so.4 know (the names came with 7.85).
static const CURLoption CCURL_OPT_PROTOCOLS = (CURLoption)(CURLOPTTYPE_LONG + 181);

/// CURLOPT_MAIL_RCPT_ALLOWFAILS, which was spelled with three L before libcurl 8.2.
static const CURLoption CCURL_OPT_MAIL_RCPT_ALLOWFAILS = (CURLoption)(CURLOPTTYPE_LONG + 290);

/// CURLOPT_QUICK_EXIT (libcurl 7.87): do not wait for the thread that still resolves a name.
static const CURLoption CCURL_OPT_QUICK_EXIT = (CURLoption)(CURLOPTTYPE_LONG + 322);

/// The masks are macros with casts in some versions, which Swift does not import.
static const long CCURL_PROTOCOLS_HTTP = CURLPROTO_HTTP | CURLPROTO_HTTPS;
static const long CCURL_PROTOCOLS_SMTP = CURLPROTO_SMTP | CURLPROTO_SMTPS;

CURL *_Nullable ccurl_easy_init(void);
void ccurl_easy_cleanup(CURL *_Nonnull handle);
CURLcode ccurl_easy_perform(CURL *_Nonnull handle);

CURLcode ccurl_setopt_long(CURL *_Nonnull handle, CURLoption option, long value);
CURLcode ccurl_setopt_offset(CURL *_Nonnull handle, CURLoption option, curl_off_t value);
/// libcurl copies the text, except that of CURLOPT_POSTFIELDS.
CURLcode ccurl_setopt_string(CURL *_Nonnull handle, CURLoption option, const char *_Nullable value);
CURLcode ccurl_setopt_pointer(CURL *_Nonnull handle, CURLoption option, void *_Nullable value);
/// CURLOPT_WRITEFUNCTION and CURLOPT_HEADERFUNCTION, which have the same type.
CURLcode ccurl_setopt_write(
    CURL *_Nonnull handle, CURLoption option, curl_write_callback _Nullable function);
CURLcode ccurl_setopt_read(CURL *_Nonnull handle, curl_read_callback _Nullable function);
CURLcode ccurl_setopt_debug(CURL *_Nonnull handle, curl_debug_callback _Nullable function);
CURLcode ccurl_setopt_progress(CURL *_Nonnull handle, curl_xferinfo_callback _Nullable function);

CURLcode ccurl_getinfo_long(CURL *_Nonnull handle, CURLINFO info, long *_Nonnull value);
CURLcode ccurl_getinfo_offset(CURL *_Nonnull handle, CURLINFO info, curl_off_t *_Nonnull value);
CURLcode ccurl_getinfo_string(
    CURL *_Nonnull handle, CURLINFO info, const char *_Nullable *_Nonnull value);

/// Returns NULL if out of memory; the list is then unchanged.
struct curl_slist *_Nullable ccurl_slist_append(
    struct curl_slist *_Nullable list, const char *_Nonnull text);
void ccurl_slist_free_all(struct curl_slist *_Nullable list);

/// CURLINFO_CERTINFO. Returns the lines about the server's own certificate, the first of the chain;
/// NULL if there is none. The handle owns them.
const struct curl_slist *_Nullable ccurl_server_certificate(CURL *_Nonnull handle);

CURLM *_Nullable ccurl_multi_init(void);
void ccurl_multi_cleanup(CURLM *_Nonnull multi);
CURLMcode ccurl_multi_add_handle(CURLM *_Nonnull multi, CURL *_Nonnull handle);
CURLMcode ccurl_multi_remove_handle(CURLM *_Nonnull multi, CURL *_Nonnull handle);
/// CURLMOPT_SOCKETFUNCTION and CURLMOPT_TIMERFUNCTION, and the last argument of both.
CURLMcode ccurl_multi_setcallbacks(
    CURLM *_Nonnull multi, curl_socket_callback _Nonnull on_socket,
    curl_multi_timer_callback _Nonnull on_timer, void *_Nullable context);
CURLMcode ccurl_multi_socket_action(CURLM *_Nonnull multi, curl_socket_t socket, int events);
/// Returns the next completed transfer and sets its result; NULL if there is none.
CURL *_Nullable ccurl_multi_next_done(CURLM *_Nonnull multi, CURLcode *_Nonnull result);
const char *_Nonnull ccurl_multi_strerror(CURLMcode code);

/// Returns why libcurl's URL parser rejects a URL; NULL if it accepts it.
const char *_Nullable ccurl_url_fault(const char *_Nonnull text);

/// CURL_SOCKET_TIMEOUT, a macro of a macro, which Swift does not import.
static const curl_socket_t CCURL_SOCKET_TIMEOUT = CURL_SOCKET_BAD;

const char *_Nonnull ccurl_easy_strerror(CURLcode code);
const char *_Nonnull ccurl_version(void);

#endif
