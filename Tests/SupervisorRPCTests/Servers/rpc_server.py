"""An XML-RPC server that plays supervisord, or fails to; ends when its standard input does."""
import argparse
import base64
import json
import os
import socket
import struct
import sys
import threading
import time
from xmlrpc.client import Fault
from xmlrpc.server import SimpleXMLRPCDispatcher

options = argparse.ArgumentParser()
options.add_argument("--unix")
options.add_argument("--login", help="user:password")
options.add_argument("--mode", default="answer")
options = options.parse_args()

connections = 0


def info(name):
    return {
        "name": name, "group": "web", "state": 20, "statename": "RUNNING", "pid": 4711,
        "start": 1700000000, "stop": 0, "now": 1700000100, "exitstatus": 0, "spawnerr": "",
        "logfile": "/var/log/out", "stdout_logfile": "/var/log/out",
        "stderr_logfile": "/var/log/err", "description": "pid 4711, uptime 0:01:40",
    }


def get_process_info(name):
    if name == "nobody":
        raise Fault(10, "BAD_NAME: nobody")
    return info(name)


def part(log, offset, length):
    return (log[offset:] if offset < 0 else log[offset:offset + length]).decode()


dispatcher = SimpleXMLRPCDispatcher(allow_none=True)
for name, function in {
    "supervisor.getAllProcessInfo": lambda: [info("a"), info("網站")],
    "supervisor.getProcessInfo": get_process_info,
    "supervisor.stopProcess": lambda name: True,
    "supervisor.startProcess": lambda name: True,
    "supervisor.getIdentification": lambda: "supervisor",
    "supervisor.getState": lambda: {"statecode": 1, "statename": "RUNNING"},
    "supervisor.readProcessStderrLog": lambda name, offset, length: part(b"\x1b[31mred", offset, length),
    "supervisor.readProcessStdoutLog": lambda name, offset, length: part("xyz网".encode(), offset, length),
    "supervisor.readLog": lambda offset, length: "first\nlast"[offset:],
    "test.echo": lambda value: value,
    "test.connections": lambda: connections,
}.items():
    dispatcher.register_function(function, name)


def serve(connection, number):
    try:
        stream = connection.makefile("rb")
        head = {}
        request = stream.readline().decode()
        while True:
            line = stream.readline().decode("latin-1").strip()
            if not line:
                break
            name, _, value = line.partition(":")
            head[name.lower()] = value.strip()
        body = stream.read(int(head.get("content-length", 0)))

        def send(status, data, fields=""):
            connection.sendall(
                ("HTTP/1.1 %s\r\nContent-Length: %d\r\n%s\r\n" % (status, len(data), fields)).encode())
            connection.sendall(data)

        mode = options.mode
        login = "Basic " + base64.b64encode((options.login or "").encode()).decode()
        if mode == "drop" or mode == "drop-once" and number == 1:
            pass
        elif mode == "cut-once" and number == 1:
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<?xml")
        elif mode == "hang":
            time.sleep(60)
        elif mode == "drip":
            connection.sendall(b"HTTP/1.1 200 OK\r\n")
            while True:
                connection.sendall(b"X: y\r\n")
                time.sleep(0.02)
        elif mode == "reset":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        elif mode == "short":
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<?xml")
        elif mode == "ssh":
            connection.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")
            time.sleep(60)
        elif mode == "endless":
            connection.sendall(b"HTTP/1.0 200 OK\r\n\r\n")
            while True:
                connection.sendall(b" " * 65536)
        elif mode == "chunks":
            answer = dispatcher._marshaled_dispatch(body)
            pieces = [answer[i:i + 7] for i in range(0, len(answer), 7)] + [b""]
            connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            connection.sendall(b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces))
            time.sleep(60)
        elif mode == "garbage":
            send("200 OK", b"<html><body>Welcome</body></html>")
        elif mode == "truncated":
            send("200 OK", b"<?xml version='1.0'?><methodResponse><params>")
        elif mode == "huge":
            send("200 OK", b" " * (17 * 1024 * 1024))
        elif mode.isdigit():
            send(mode + " Something Else", b"no")
        elif options.login and head.get("authorization") != login:
            send("401 Unauthorized", b"no", "WWW-Authenticate: Basic realm=\"default\"\r\n")
        elif request.split()[1] != "/RPC2":
            send("404 Not Found", b"no")
        else:
            answer = dispatcher._marshaled_dispatch(body)
            # supervisord's own way with a log that is cut within a character
            send(*(("500 Internal Server Error", b"") if b"UnicodeDecodeError" in answer else ("200 OK", answer)))
        stream.close()
    except OSError:
        pass
    finally:
        connection.close()


if options.unix:
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(options.unix)
else:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
listener.listen(16)
print(json.dumps({} if options.unix else {"port": listener.getsockname()[1]}), flush=True)


def accept():
    global connections
    while True:
        connection, _ = listener.accept()
        connections += 1
        threading.Thread(target=serve, args=(connection, connections), daemon=True).start()


threading.Thread(target=accept, daemon=True).start()
sys.stdin.read()
os._exit(0)
