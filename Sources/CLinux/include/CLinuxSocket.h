// Connecting, for which Swift has no addresses without pointers that are cast.
#ifndef CLINUX_SOCKET_H
#define CLINUX_SOCKET_H

/// Whether a text is an IPv4 or IPv6 address, as inet_pton(3) reads one.
int clinux_is_address(const char *text);

/// A stream socket that does not block, connected to the socket at a path. -1 with errno: EAGAIN when those who wait
/// there are too many at the moment, ENAMETOOLONG when no socket can have such a path.
int clinux_connect_unix(const char *path);

/// A stream socket that does not block, on its way to an address, as text, and a port: when it is writable,
/// clinux_socket_error says what came of it. -1 with errno.
int clinux_connect_inet(const char *address, unsigned short port);

/// SO_ERROR of socket(7): the error of a connect that has come to its end, 0 if there is none.
int clinux_socket_error(int descriptor);

#endif
