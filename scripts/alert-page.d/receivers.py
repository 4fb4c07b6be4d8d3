"""What the listeners send to: the web services, which accept everything and keep it, and the sites that httpok checks."""

import json
import ssl
import subprocess
import threading
import time
import xmlrpc.client
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import AF_UNIX, socket
from socketserver import ThreadingMixIn, UnixStreamServer


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, handler):
        super().__init__(("127.0.0.1", 0), handler)
        threading.Thread(target=self.serve_forever, args=[0.05], daemon=True).start()

    def handle_error(self, *_):
        pass  # a client that has timed out

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"


class Services(Server):
    """Slack, PagerDuty, Alertmanager and a webhook: /LISTENER/CHANNEL."""

    def __init__(self):
        self.posts = []  # listener, channel, document
        self.is_up = set()  # the listeners that can post to the channel "pending"
        super().__init__(ServiceAnswer)

    def of(self, listener, channel):
        return [document for name, kind, document in list(self.posts) if (name, kind) == (listener, channel)]


class Answer(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def answer(self, status, body=b"", reason=None):
        self.send_response(status, reason)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class ServiceAnswer(Answer):
    def do_POST(self):
        _, listener, channel, *_ = self.path.split("/")
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if channel == "pending" and listener not in self.server.is_up:
            return self.answer(503)
        self.server.posts.append((listener, channel, json.loads(body)))
        if channel == "pagerduty":
            return self.answer(202, b'{"status":"success","message":"Event processed","dedup_key":"x"}')
        return self.answer(200, b"ok" if channel == "slack" else b"{}")


class Site(Server):
    """A web site: a status, a body and a delay in seconds for each path."""

    def __init__(self):
        self.pages = {}
        super().__init__(SitePage)

    def set(self, path, status=200, body="all is well\n", delay=0):
        self.pages[path] = (status, body, delay)


class SitePage(Answer):
    def do_GET(self):
        status, body, delay = self.server.pages.get(self.path, (404, "", 0))
        time.sleep(delay)
        self.answer(status, body.encode())


class SecureSite(Site):
    """A site with a certificate of its own, which can be renewed."""

    def __init__(self, folder, clock):
        super().__init__()
        self.folder, self.clock = folder, clock
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.renew(5)
        self.socket = self.context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def renew(self, days):
        subprocess.run(
            [*self.clock, "openssl", "req", "-x509", "-days", str(days), "-nodes", "-newkey", "ec", "-pkeyopt",
             "ec_paramgen_curve:prime256v1", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
             "-keyout", f"{self.folder}/site.key", "-out", f"{self.folder}/site.pem"],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.context.load_cert_chain(f"{self.folder}/site.pem", f"{self.folder}/site.key")

    @property
    def url(self):
        return f"https://localhost:{self.server_port}"


class RefusingSupervisord(ThreadingMixIn, UnixStreamServer):
    """A way to a supervisord by which no process is stopped, as if the kernel did not allow it."""

    daemon_threads = True

    def __init__(self, folder):
        self.supervisord = f"{folder}/supervisor.sock"
        super().__init__(f"{folder}/refusing.sock", RefusingAnswer)
        threading.Thread(target=self.serve_forever, args=[0.05], daemon=True).start()


class RefusingAnswer(Answer):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.close_connection = True
        if b"supervisor.stopProcess<" in body:
            name = xmlrpc.client.loads(body)[0][0]
            fault = xmlrpc.client.Fault(30, f"FAILED: unknown problem killing {name}")
            return self.answer(200, xmlrpc.client.dumps(fault).encode())
        connection = HTTPConnection("localhost")
        connection.sock = socket(AF_UNIX)
        connection.sock.connect(self.server.supervisord)
        connection.request("POST", self.path, body, {"Content-Type": "text/xml"})
        response = connection.getresponse()
        return self.answer(response.status, response.read())
