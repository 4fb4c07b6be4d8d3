"""Those whom the listeners talk to: a supervisord, a site, mail, webhooks, Alertmanager. Each has bad times."""

import datetime
import glob
import http.server
import json
import os
import random
import socketserver
import threading
import time

import servers
import told
from events import HOPELESS, LOOPERS, PATIENTS, split

SENDMAIL = """#!/bin/sh
[ ! -e "{folder}/fails" ] || {{ cat >/dev/null; echo "the queue is full" >&2; exit 75; }}
sleep 0.2
cat >"{folder}/part.$$" && mv "{folder}/part.$$" "{folder}/mail.$$.$(date +%N)"
"""


class Records:
    """What has been told, by whom and by which way; and what has to be told."""

    def __init__(self):
        self.lock = threading.Lock()
        self.marks, self.counts = {}, {}
        self.firing = {}

    def tell(self, tool, way, marks):
        with self.lock:
            self.marks.setdefault((tool, way), set()).update(marks)

    def count(self, what):
        with self.lock:
            self.counts[what] = self.counts.get(what, 0) + 1

    def number(self, tool, way, kind):
        with self.lock:
            return sum(mark[0] == kind for mark in self.marks.get((tool, way), ()))

    def fire(self, alerts):
        with self.lock:
            for alert in alerts:
                end = datetime.datetime.fromisoformat(alert["endsAt"]).timestamp()
                self.firing[json.dumps(alert["labels"], sort_keys=True)] = end

    def still_firing(self, tool):
        with self.lock:
            return sum(
                end > time.time() for labels, end in self.firing.items() if json.loads(labels)["listener"] == tool)


class Port:
    """A server of TCP that may be away for a while, and then is at the same port again."""

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = allow_reuse_address = True
        request_queue_size = 128

        def handle_error(self, request, client):
            pass  # listeners hang up when they have waited for too long

    def __init__(self, handler):
        self.handler, self.server, self.port = handler, None, 0
        self.open()
        self.address = f"127.0.0.1:{self.port}"

    def open(self):
        if not self.server:
            self.server = self.Server(("127.0.0.1", self.port), self.handler)
            self.port = self.server.server_address[1]
            threading.Thread(target=self.server.serve_forever, args=(0.1,), daemon=True).start()

    def close(self):
        if self.server:
            self.server.shutdown()
            self.server.server_close()
            self.server = None


class Receivers:
    """All of them."""

    # memmon's, which is restarted whenever it is looked at while it is too large.
    VICTIM = "worker0001"

    def __init__(self, folder, sleepers, weather):
        self.folder, self.sleepers, self.weather = folder, sleepers, weather
        self.records, self.chance, self.was_well = Records(), random.Random(1), True
        self.web = Port(self.web_handler())
        self.mailbox = Port(self.mailbox_handler())
        self.supervisord = f"{folder}/supervisor.sock"
        self.is_too_large, self.preparing = False, threading.Lock()
        self.prepare()
        server = servers.UnixServer(self.supervisord, self.supervisord_handler())
        server.handle_error = lambda request, client: None
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.sendmail = f"{folder}/sendmail"
        with open(self.sendmail, "w", encoding="ascii") as file:
            file.write(SENDMAIL.format(folder=folder))
        os.chmod(self.sendmail, 0o755)

    def change(self):
        """Lets troubles begin and end, and takes what mail there is."""
        if self.weather.has("SMTP is down"):
            self.mailbox.close()
        else:
            self.mailbox.open()
        mark = f"{self.folder}/fails"
        if self.weather.has("sendmail fails"):
            with open(mark, "w", encoding="ascii"):
                pass
        elif os.path.exists(mark):
            os.unlink(mark)
        if self.is_too_large != self.weather.has("a process is too large"):
            self.is_too_large = not self.is_too_large
            self.prepare()
        for path in glob.glob(f"{self.folder}/mail.*"):
            with open(path, "rb") as file:
                tool, marks = told.in_mail(file.read())
            os.unlink(path)
            self.records.tell(tool, "mail", marks)

    # A supervisord

    def prepare(self):
        """Makes the answers: who runs now."""
        with self.preparing:
            processes = self.sleepers.grow(10)
            if not self.is_too_large:
                processes = [(name, 0 if name == self.VICTIM else pid) for name, pid in processes]
            down = [(split(name)[1], 0) for name in PATIENTS + LOOPERS + HOPELESS]
            servers.prepare(processes + down)

    def supervisord_handler(self):
        owner = self

        class Handler(servers.Supervisord):
            @staticmethod
            def answer(body):
                if b"startProcess<" in body and owner.VICTIM.encode() in body:
                    owner.sleepers.renew(1)
                    owner.prepare()
                    owner.records.count("memory")
                return servers.Supervisord.answer(body)

        return Handler

    # Mail by SMTP

    def mailbox_handler(self):
        owner = self

        class Handler(servers.Mailbox):
            timeout = 30

            def reply(self, command):
                refuses = command in (b"RCPT", b"DATA") and owner.weather.has("SMTP refuses")
                self.refuses = refuses and (command == b"DATA" or owner.chance.random() < 0.5)
                return b"451 try again later\r\n" if self.refuses else super().reply(command)

            def take(self, message):
                time.sleep(owner.chance.uniform(0, 0.3))
                if not self.refuses:
                    owner.records.tell(*self.mark(message.replace(b"\r\n..", b"\r\n.")))

            @staticmethod
            def mark(message):
                tool, marks = told.in_mail(message)
                return tool, "mail", marks

        return Handler

    # The web

    def web_handler(self):
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            timeout = 30

            def answer(self, status, *fields):
                self.send_response(status)
                for name, value in (*fields, ("Content-Length", "3")):
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(b"ok\n")

            def log_message(self, *_):
                pass

            def do_GET(self):
                if self.path == "/site":
                    self.be_site()
                else:
                    self.answer(200)  # a heartbeat

            def be_site(self):
                troubles = ["the site answers 500", "the site hangs up", "the site is slow"]
                trouble = next(filter(owner.weather.has, troubles), None)
                if trouble:
                    owner.records.count("unhealthy")
                    owner.was_well = False
                elif not owner.was_well:
                    owner.records.count("healthy")
                    owner.was_well = True
                match trouble:
                    case "the site answers 500":
                        return self.answer(500)
                    case "the site hangs up":
                        self.close_connection = True
                        return None
                    case "the site is slow":
                        time.sleep(3)
                return self.answer(200)

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.path.endswith("/api/v2/alerts"):
                    if owner.weather.has("Alertmanager is down"):
                        return self.answer(503)
                    owner.records.fire(json.loads(body))
                    return self.answer(200)
                time.sleep(owner.chance.uniform(0, 0.3))
                luck = 1 if owner.weather.is_calm else owner.chance.random()
                if luck < 0.03:
                    return self.answer(500)
                if luck < 0.06:
                    return self.answer(429, ("Retry-After", "7"))
                owner.records.tell(self.path.rpartition("/")[2], "webhook", told.in_webhook(body))
                return self.answer(200)

        return Handler
