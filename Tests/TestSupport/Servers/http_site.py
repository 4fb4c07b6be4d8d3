"""A web site that is well, ill, slow or not there: http_site.py OPTIONS (a JSON object: certificate, key, host,
or socket: a path to listen on).

Requests: {"behave": {...}}, {"requests": true}, {"listen": true or false}.

Behaviour, all optional: status, reason, body, headers, and instead of the body drip (seconds between its bytes),
endless (a body without end), raw (all bytes of the answer), hang (no answer), close (the connection, at once). delay: seconds before the answer.
paths: a behaviour for each of these paths. bodies: one for requests whose bodies contain these texts.
"""

import http.server
import json
import socket
import socketserver
import ssl
import sys
import threading
import time

import control

options = json.loads(sys.argv[1])
host = options.get("host", "127.0.0.1")
path = options.get("socket")
behaviour = {}
requests = []


class Handler(http.server.BaseHTTPRequestHandler):
    """One connection, one request."""

    def log_message(self, *arguments):
        pass

    def do_GET(self):
        sent = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        requests.append(
            {"method": self.command, "path": self.path, "headers": dict(self.headers.items()), "body": sent}
        )
        mode = behaviour.get("paths", {}).get(self.path, behaviour)
        mode = next((m for text, m in behaviour.get("bodies", {}).items() if text in sent), mode)
        time.sleep(mode.get("delay", 0))
        if mode.get("close"):
            return
        if mode.get("hang"):
            time.sleep(86400)
        if "raw" in mode:
            self.wfile.write(mode["raw"].encode())
            return
        body = mode.get("body", "all is well\n").encode()
        self.send_response(mode.get("status", 200), mode.get("reason"))
        for name, value in mode.get("headers", {}).items():
            self.send_header(name, value)
        if not mode.get("endless"):
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self.send_body(body, mode)
        except OSError:
            pass  # the client has had enough, which is its right

    do_HEAD = do_POST = do_PUT = do_DELETE = do_GET

    def send_body(self, body, mode):
        if "drip" in mode:
            for byte in body:
                self.wfile.write(bytes([byte]))
                time.sleep(mode["drip"])
        elif mode.get("endless"):
            while True:
                self.wfile.write(b"without end, without end, without end, without end\n" * 1000)
        else:
            self.wfile.write(body)


class Server(socketserver.ThreadingTCPServer):
    address_family = socket.AF_UNIX if path else socket.AF_INET6 if ":" in host else socket.AF_INET
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def handle_error(self, request, client_address):
        pass  # clients that hang up, or do not trust the certificate

    def get_request(self):
        connection, address = super().get_request()
        if "certificate" in options:
            connection.settimeout(30)
            connection = context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        return connection, address


def bound(port):
    """A server that holds the port and refuses connections until server_activate."""
    server = Server(path or (host, port), Handler, bind_and_activate=False)
    server.server_bind()
    return server


def open_site():
    site.server_activate()
    threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()


def close_site():
    global site
    site.shutdown()
    site.server_close()
    site = bound(port)


def handle(request):
    global behaviour, listening
    if "behave" in request:
        behaviour = request["behave"]
    elif "requests" in request:
        return list(requests)
    elif "listen" in request and request["listen"] != listening:
        listening = request["listen"]
        open_site() if listening else close_site()
    return True


if "certificate" in options:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(options["certificate"], options["key"])
site = bound(0)
port = 0 if path else site.server_address[1]
listening = options.get("listening", True)
if listening:
    open_site()
control.reply({"port": port})
control.obey(handle)
