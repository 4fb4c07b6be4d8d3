"""An HTTP server that misbehaves as its path says; ends when its standard input does."""
import argparse
import json
import os
import socket
import ssl
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import certificate

options = argparse.ArgumentParser()
options.add_argument("--unix")
options.add_argument("--ipv6", action="store_true")
options.add_argument("--tls", action="store_true")
options.add_argument("--names", default=certificate.LOOPBACK)
options = options.parse_args()


def answer(connection, head, path, body):
    def send(text):
        connection.sendall(text.encode("latin-1") if isinstance(text, str) else text)

    def whole(status, text, fields=""):
        data = text.encode("latin-1")
        send("HTTP/1.1 %s\r\nContent-Length: %d\r\n%s\r\n" % (status, len(data), fields))
        send(data)

    if path == "/ok":
        whole("200 OK", "hello")
    elif path.startswith("/status/"):
        whole("%s Everything Is Broken" % path[8:], "sorry", "X-Who: me\r\nx-two:  b \r\n")
    elif path == "/noreason":
        whole("299", "x")
    elif path == "/spaces":
        send("HTTP/1.1  200 OK\r\nContent-Length: 0\r\n\r\n")
    elif path == "/nospace":
        send("HTTP/1.1 200OK\r\nContent-Length: 0\r\n\r\n")
    elif path == "/trailer":
        send("HTTP/1.1 200 Fine\r\nTransfer-Encoding: chunked\r\n\r\n")
        send("1\r\nx\r\n0\r\nHTTP/1.1 500 Trailer: no\r\nX-End: 1\r\n\r\n")
    elif path == "/interim":
        send("HTTP/1.1 100 Continue\r\n\r\n")
        send("HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n")
        whole("200 Fine", "hello")
    elif path == "/redirect":
        whole("302 Found", "over there", "Location: /ok\r\n")
    elif path == "/echo":
        whole("200 OK", head + "\r\n\r\n" + body.decode("latin-1"))
    elif path == "/drip":
        send("HTTP/1.1 200 OK\r\n\r\n")
        while True:
            send("x")
            time.sleep(0.05)
    elif path == "/endless":
        send("HTTP/1.1 200 OK\r\n\r\n")
        while True:
            send(b"x" * 65536)
    elif path == "/silent":
        time.sleep(60)
    elif path == "/short":
        send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello")
    elif path == "/badchunk":
        send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nok")
    elif path == "/twolengths":
        send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok")
    elif path == "/stalled":
        send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
        time.sleep(60)
    elif path == "/drop":
        pass


def serve(connection):
    try:
        if options.tls:
            connection = context.wrap_socket(connection, server_side=True)
        stream = connection.makefile("rb")
        lines = []
        while True:
            line = stream.readline().decode("latin-1").rstrip("\r\n")
            if not line:
                break
            lines.append(line)
        if not lines:
            return
        length = 0
        for line in lines[1:]:
            name, _, value = line.partition(":")
            if name.lower() == "content-length":
                length = int(value)
        answer(connection, "\n".join(lines), lines[0].split()[1], stream.read(length))
        stream.close()
    except (OSError, ssl.SSLError):
        pass
    finally:
        connection.close()


facts = {}
if options.tls:
    facts["ca"], context = certificate.make(options.names)
if options.unix:
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(options.unix)
elif options.ipv6:
    listener = socket.socket(socket.AF_INET6)
    listener.bind(("::1", 0))
else:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
listener.listen(16)
if not options.unix:
    facts["port"] = listener.getsockname()[1]
print(json.dumps(facts), flush=True)


def accept():
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection,), daemon=True).start()


threading.Thread(target=accept, daemon=True).start()
sys.stdin.read()
certificate.clean()
os._exit(0)
