// Connects sockets, which in Swift requires casts of pointers to addresses.
#ifndef CLINUX_SOCKET_H
#define CLINUX_SOCKET_H

/// Returns whether a text is an IPv4 or IPv6 address, as inet_pton(3) parses it.
int clinux_is_address(const char *text);

/// Returns a nonblocking stream socket that is connected to the socket at a path; -1 with errno: EAGAIN if the listen
/// queue is full, ENAMETOOLONG if the path is too long for a socket.
int clinux_connect_unix(const char *path);

/// Returns a nonblocking stream socket that is connecting to an address, as text, and a port; -1 with errno. When it is
/// writable, clinux_socket_error returns the result.
int clinux_connect_inet(const char *address, unsigned short port);

/// SO_ERROR of socket(7). Returns the error of a completed connect, or 0.
int clinux_socket_error(int descriptor);

#endif
