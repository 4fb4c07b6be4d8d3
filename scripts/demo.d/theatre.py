"""The demo itself: theatre.py FOLDER TOOLS, run by scripts/demo, which starts the supervisord.

Prints alerts and restarts as they come; status 0 when all listeners have done their job within 90 s.
"""

import email
import email.policy
import http.client
import os
import re
import shutil
import signal
import socket
import sys
import time
import xmlrpc.client

from container import Container  # ours, beside this file
from mailbox import open_mailbox

LIMIT = 78
JOBS = {  # what each listener is there for, and the program it has to restart
    "httpok": ("restarts a web server that hangs", "hanging"),
    "memmon": ("restarts a program that leaks memory", "leaking"),
    "crashmail": ("sends a mail for each crash", None),
    "crashmailbatch": ("sends crashes in batches", None),
    "fatalmailbatch": ("sends failed starts in batches", None),
    "crashsms": ("sends crashes as a text message", None),
    "fatalretry": ("starts FATAL programs again", "recovering"),
}
UNAVAILABLE = (OSError, http.client.HTTPException, xmlrpc.client.Fault)
folder, tools = sys.argv[1:3]
here = os.path.dirname(os.path.abspath(__file__))
terminal = sys.stdout.isatty()


def free_port():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def write_configuration(smtp_port):
    with open(f"{here}/supervisord.conf", encoding="utf-8") as file:
        text = file.read()
    words = {"FOLDER": folder, "TOOLS": tools, "SMTP": smtp_port, "WEB": free_port(),
             "PYTHON": sys.executable, "HERE": here}
    text = re.sub("@([A-Z]+)@", lambda match: str(words[match[1]]).replace("%", "%%"), text)
    with open(f"{folder}/supervisord.conf", "w", encoding="utf-8") as file:
        file.write(text)
    open(f"{folder}/ready", "w").close()


class Supervisord:
    """Its XML-RPC, over its Unix socket."""

    def call(self, method):
        class Connection(http.client.HTTPConnection):
            def connect(self):
                self.sock = socket.socket(socket.AF_UNIX)
                self.sock.settimeout(10)
                self.sock.connect(f"{folder}/supervisor.sock")

        class Transport(xmlrpc.client.Transport):
            def make_connection(self, host):
                return Connection("localhost")

        return getattr(xmlrpc.client.ServerProxy("http://localhost", transport=Transport()), method)()

    def processes(self):
        try:
            return {process["name"]: process for process in self.call("supervisor.getAllProcessInfo")}
        except UNAVAILABLE:
            return {}  # not up yet, busy, or going down

    def shut_down(self):
        try:
            self.call("supervisor.shutdown")
        except UNAVAILABLE:
            return
        end = time.monotonic() + 20
        while os.path.exists(f"{folder}/supervisor.sock") and time.monotonic() < end:
            time.sleep(0.05)


class Show:
    """What has been seen so far."""

    def __init__(self):
        self.start = time.monotonic()
        self.seen = set()
        self.mails = dict.fromkeys(JOBS, 0)
        self.restarts = {}
        self.pids = {}
        self.fatal = set()

    def seconds(self):
        return time.monotonic() - self.start

    def say(self, words):
        print(("\r\033[K" if terminal else "") + f"{self.seconds():5.1f} s  {words}", flush=True)

    def look_for_mail(self):
        for name in sorted(os.listdir(f"{folder}/mail")):
            if not name.endswith(".part") and name not in self.seen:
                self.seen.add(name)
                with open(f"{folder}/mail/{name}", "rb") as file:
                    self.show_mail(email.message_from_binary_file(file, policy=email.policy.default), name)

    def show_mail(self, message, name):
        by = str(message["To"]).partition("@")[0]
        if by in self.mails:
            self.mails[by] += 1
        self.say(f"mail from {by}, by {'SMTP' if name.endswith('.smtp') else 'sendmail'}")
        for header in ("From", "To", "Subject"):
            if message[header]:
                print(f"         {header}: {message[header]}")
        for line in str(message.get_content()).rstrip("\n").split("\n"):
            print(f"         | {line}")
        sys.stdout.flush()

    def look_at_processes(self, processes):
        for name, process in processes.items():
            old, new = self.pids.get(name), process["pid"]
            if process["statename"] == "FATAL":
                self.fatal.add(name)
            elif process["statename"] == "RUNNING" and name in self.fatal:
                self.fatal.discard(name)
                self.restarts[name] = self.restarts.get(name, 0) + 1
                self.say(f"{name} was FATAL and is RUNNING")
            elif new and old and new != old:
                self.restarts[name] = self.restarts.get(name, 0) + 1
                self.say(f"supervisord has restarted {name}: pid {old} is now {new}")
            if new:
                self.pids[name] = new

    def is_done(self, listener):
        target = JOBS[listener][1]
        return self.mails[listener] > 0 and (target is None or self.restarts.get(target, 0) > 0)

    def all_done(self):
        return all(map(self.is_done, JOBS))

    def progress(self):
        if terminal:
            line = f"{self.seconds():5.1f} s  waiting for {' '.join(name for name in JOBS if not self.is_done(name))}"
            print("\r\033[K" + line[: shutil.get_terminal_size().columns - 1], end="", flush=True)

    def table(self, container):
        if terminal:
            print("\r\033[K", end="")
        print(f"\n{'listener':<15} {'purpose':<36} {'mails':>5}  {'restarts':<12} result")
        for name, (job, target) in JOBS.items():
            restarts = f"{target} {self.restarts.get(target, 0)}" if target else "-"
            done = "ok" if self.is_done(name) else "FAILED"
            print(f"{name:<15} {job:<36} {self.mails[name]:>5}  {restarts:<12} {done}")
        for name, job, mails, result, is_done in container.rows():
            print(f"{name:<15} {job:<36} {mails:>5}  {result:<12} {'ok' if is_done else 'FAILED'}")
        done = sum(map(self.is_done, JOBS)) + sum(row[-1] for row in container.rows())
        print(f"\n{done} of {len(JOBS) + len(container.rows())} after {self.seconds():.0f} s", flush=True)

    def explain(self):
        """The last log lines of the listeners that did not do their job."""
        for name in JOBS:
            if not self.is_done(name):
                words = last_words(name)
                print(f"\nlog of {name}:\n{words}" if words else f"\nthe log of {name} is empty", flush=True)


def last_words(name):
    words = ""
    for path in sorted(os.listdir(folder)):
        if path.startswith(f"{name}-stderr"):
            with open(f"{folder}/{path}", encoding="utf-8", errors="replace") as file:
                words += "".join(file.readlines()[-12:])
    return words.rstrip()


def main():
    write_configuration(open_mailbox(folder))
    supervisord, show = Supervisord(), Show()
    show.say(f"{len(JOBS)} listeners; a program that crashes, one that cannot start, one that leaks, a web server that hangs")
    while show.seconds() < LIMIT and not show.all_done():
        show.look_at_processes(supervisord.processes())
        show.look_for_mail()
        show.progress()
        time.sleep(0.25)
    supervisord.shut_down()
    container = Container(folder, tools, show.say)
    container.run()
    show.look_for_mail()
    show.table(container)
    show.explain()
    return 0 if show.all_done() and container.is_done() else 1


signal.signal(signal.SIGINT, signal.SIG_IGN)  # scripts/demo ends us, after supervisord
sys.exit(main())
