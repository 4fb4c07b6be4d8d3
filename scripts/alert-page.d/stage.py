"""A supervisord of its own for some scenes: programs, listeners, and what happens when."""

import email
import email.policy
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import xmlrpc.client

from receivers import SecureSite, Services, Site  # ours, beside this file

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TOOLS = os.environ.get("TOOLS_DIR", f"{TOP}/.build/debug")
SUPERVISOR = f"{TOP}/.build/supervisor-4.3.0/bin"
TEMPLATES = sorted(name.removesuffix(".mustache") for name in os.listdir(f"{TOP}/docs/templates"))
HERE = os.path.dirname(os.path.abspath(__file__))
# All times of the page are of this night.
START = "2026-11-20 03:10:00"
# The clock is set once: libfaketime reads its settings anew every ten seconds unless it is told not to.
CLOCK = {"TZ": "UTC", "LANG": "C.UTF-8", "FAKETIME_CACHE_DURATION": "100000"}

CONFIGURATION = """\
[supervisord]
logfile=@FOLDER@/supervisord.log
pidfile=@FOLDER@/supervisord.pid
childlogdir=@FOLDER@
[unix_http_server]
file=@FOLDER@/supervisor.sock
[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
"""



def host():
    """What gives programs a host name of their own, where that is allowed."""
    for words in (["unshare", "--uts"], ["unshare", "--uts", "--user", "--map-root-user"]):
        command = [*words, "sh", "-c", 'hostname "$0" && exec "$@"', HOST_NAME]
        if subprocess.run([*command, "true"], check=False, capture_output=True).returncode == 0:
            return command
    return []


HOST_NAME = "shop-1"
HOST = host()
# What the headlines of the samples have.
PREDICATES = {"crash": " crashed: ", "restart": " restarted: ", "recovery": " recovered after "}

KEEP = """\
#!/bin/sh
# keep LISTENER: takes a mail; fails as long as there is a file down.LISTENER, and with more bytes than limit.LISTENER has
cd "${0%/*}" || exit 71
[ ! -e "down.$1" ] || { echo "mail.example.org is down" >&2; exit 75; }
file=$(mktemp "mail/$1.XXXXXX.part")
cat >"$file"
if [ -e "limit.$1" ] && [ "$(wc -c <"$file")" -gt "$(cat "limit.$1")" ]; then
    rm "$file"
    echo "sendmail: fatal: supervisor@example.org(0): message file too big" >&2
    exit 75
fi
mv "$file" "${file%.part}"
"""

UNAVAILABLE = (OSError, http.client.HTTPException, xmlrpc.client.Fault)


class Listener:
    """A listener's section. The name of the tool is the first word of its command."""

    def __init__(self, name, command, events="PROCESS_STATE", is_kept=False, buffer=1024):
        self.name, self.command, self.events, self.buffer = name, command, events, buffer
        self.is_kept = is_kept  # whether its alerts stay in the spool, too, for the templates

    @property
    def tool(self):
        return self.command.split()[0]

    @property
    def process(self):
        """Its name in supervisord, which no program has."""
        return f"{self.tool}-{self.name}"

    def environment(self, services):
        web = f"{services.url}/{self.name}"
        environment = {
            "SUPERLANCE_EMAIL": "ops@example.org",
            "SUPERLANCE_FROMEMAIL": "supervisor@example.org",
            "SUPERLANCE_SENDMAIL_PROGRAM": f"@FOLDER@/keep {self.name}",
            "SUPERLANCE_WEBHOOK": f"{web}/webhook",
            "SUPERLANCE_SLACK": f"{web}/slack",
            "SUPERLANCE_ALERTMANAGER": f"{web}/alertmanager",
            "SUPERLANCE_PAGERDUTY": "0123456789abcdef0123456789abcdef",
            "SUPERLANCE_PAGERDUTY_URL": f"{web}/pagerduty",
        }
        if self.is_kept:
            environment["SUPERLANCE_WEBHOOK"] += f" {web}/pending"
            environment["SUPERLANCE_SPOOL"] = f"@FOLDER@/spool.{self.name}"
        return environment

    def section(self, services):
        environment = self.environment(services)
        values = ",".join(f'{name}="{value}"' for name, value in environment.items())
        return (f"[eventlistener:{self.process}]\ncommand={TOOLS}/{self.command}\nevents={self.events}\n"
                f"buffer_size={self.buffer}\nstderr_logfile=@FOLDER@/{self.process}.log\nenvironment={values}\n\n")


class Stage:
    """One supervisord. Its clock starts at ``START`` and runs at ``speed``.

    ``acts`` are what happens, in order: when, a time in seconds or a condition, and what.
    """

    def __init__(self, name, listeners, programs, alerts, acts=(), files=(), speed=2, limit=120, prepare=None):
        self.name, self.listeners, self.programs, self.alerts = name, listeners, programs, alerts
        self.acts, self.files, self.speed, self.limit = acts, dict(files), speed, limit
        self.prepare = prepare
        self.services, self.site, self.secure_site = Services(), Site(), None
        self.mails, self.rendered, self.parsed = {}, {}, {}

    @property
    def clock(self):
        """What makes a program's clock that of this stage."""
        return ["faketime", "-f", f"@{START} x{self.speed}"]

    # The words that stand for parts of this machine in configurations.
    def words(self):
        return {"FOLDER": self.folder, "HERE": HERE, "SITE": self.site.url, "REFUSED": self.refused,
                "SECURE": self.secure_site.url if self.secure_site else "", "PYTHON": "/usr/bin/python3"}

    def fill(self, text):
        return re.sub("@([A-Z]+)@", lambda match: self.words()[match[1]], text)

    def write(self, name, text, mode=0o644):
        path = f"{self.folder}/{name}"
        with open(path, "w", encoding="utf-8") as file:
            file.write(self.fill(text))
        os.chmod(path, mode)

    def run(self):
        """Runs the stage until all of its alerts have come."""
        # Short: a socket's path has to fit in 107 bytes.
        self.folder = tempfile.mkdtemp(prefix="superlance-page.", dir="/tmp")
        try:
            self.set_up()
            self.play()
            for alert in self.alerts:
                if alert.sample:
                    listener = next(listener for listener in self.listeners if listener.name == alert.kept)
                    self.rendered[alert.kept] = {name: self.render(listener, name, alert.sample) for name in TEMPLATES}
        finally:
            self.collect()
            shutil.rmtree(self.folder)

    def set_up(self):
        os.mkdir(f"{self.folder}/mail")
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            self.refused = f"http://127.0.0.1:{unused.getsockname()[1]}"
        if self.prepare:
            self.prepare(self)
        self.write("keep", KEEP, 0o755)
        for name, text in self.files.items():
            self.write(name, text)
        sections = "".join(listener.section(self.services) for listener in self.listeners)
        self.write("supervisord.conf", CONFIGURATION + self.programs + sections)

    def add_secure_site(self):
        self.secure_site = SecureSite(self.folder, self.clock)

    def play(self):
        environment = {name: value for name, value in os.environ.items()
                       if not name.startswith(("SUPERLANCE_", "SUPERVISOR_")) and not name.lower().endswith("_proxy")}
        begin = time.monotonic()
        supervisord = subprocess.Popen(
            [*HOST, *self.clock, f"{SUPERVISOR}/python", f"{SUPERVISOR}/supervisord", "--nodaemon", "--configuration",
             f"{self.folder}/supervisord.conf"],
            env={**environment, **CLOCK}, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, start_new_session=True)
        try:
            acts = list(self.acts)
            while (now := (time.monotonic() - begin) * self.speed) < self.limit:
                while acts and (acts[0][0] <= now if isinstance(acts[0][0], (int, float)) else acts[0][0](self)):
                    acts.pop(0)[1](self)
                if not acts and all(self.has(alert) for alert in self.alerts):
                    # The other channels get it at the same time.
                    time.sleep(0.5)
                    break
                time.sleep(0.1)
            self.seconds = time.monotonic() - begin
        finally:
            self.end(supervisord)
        for alert in self.alerts:
            if not self.has(alert):
                logs = "".join(f"\n--- {name}\n{self.read(name)}" for name in (self.log_of(alert.listener), "supervisord.log"))
                raise MissingAlert(f"stage {self.name}: no alert '{alert.title}' of {alert.listener} came; its mails:"
                                   f" {[mail.subject for mail in self.arrived(alert.listener)]}{logs}")

    def log_of(self, name):
        return next((f"{listener.process}.log" for listener in self.listeners if listener.name == name), "")

    def end(self, clock):
        """Ends the supervisord below the program that sets the clock, which then cleans up."""
        # What is sent because of the end is no part of a scene.
        self.posts = list(self.services.posts)
        try:
            os.kill(int(self.read("supervisord.pid")), signal.SIGTERM)
            clock.wait(20)
        except (ValueError, ProcessLookupError, subprocess.TimeoutExpired):
            os.killpg(clock.pid, signal.SIGKILL)
            clock.wait()

    def remove(self, name):
        os.remove(f"{self.folder}/{name}")

    def read(self, name):
        path = f"{self.folder}/{name}"
        if not os.path.isfile(path):
            return ""
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()

    # What has arrived

    def has(self, alert):
        """Whether an alert has come by mail and by the webhook; a digest has come one by one there."""
        mail = alert.find(self)
        return mail and (self.document(mail, alert.listener) or "one by one" in mail.body)

    def posts_of(self, listener, channel):
        posts = getattr(self, "posts", self.services.posts)
        return [document for name, kind, document in list(posts) if (name, kind) == (listener, channel)]

    def document(self, mail, listener):
        """The webhook's objects for a mail."""
        for post in self.posts_of(listener, "webhook"):
            objects = post if isinstance(post, list) else [post]
            if number(objects[0]["id"]) == mail.identity:
                return objects
        return []

    def arrived(self, listener):
        """The mails of a listener, in order."""
        folder = f"{self.folder}/mail"
        if not os.path.isdir(folder):
            return self.mails.get(listener, [])
        names = [name for name in os.listdir(folder) if name.startswith(f"{listener}.") and not name.endswith(".part")]
        names.sort(key=lambda name: os.stat(f"{folder}/{name}").st_mtime_ns)
        for name in names:
            if name not in self.parsed:
                self.parsed[name] = Mail(f"{folder}/{name}")
        return [self.parsed[name] for name in names]

    def collect(self):
        names = {listener.name for listener in self.listeners} | {alert.listener for alert in self.alerts}
        self.mails = {name: self.arrived(name) for name in names}

    # The templates

    def keep(self, name):
        """Keeps the alerts that wait in a listener's spool now."""
        # What has just been delivered is still in it; what is being written has a dot before its name.
        time.sleep(0.3)
        shutil.copytree(f"{self.folder}/spool.{name}", f"{self.folder}/kept.{name}", ignore=shutil.ignore_patterns(".*"))

    def render(self, listener, template, sample):
        """What the listener's alert becomes by a template, sent by its next run."""
        spool = f"{self.folder}/{template}.{listener.name}"
        shutil.copytree(f"{self.folder}/kept.{listener.name}", spool)
        words = [f"{TOOLS}/{listener.tool}"]
        if listener.tool == "memmon":
            words += ["-a", "1GB"]
        words += ["--spool", spool, "--webhook", f"{self.services.url}/{listener.name}/{template}",
                  "--webhook-template", f"{TOP}/docs/templates/{template}.mustache"]
        environment = {
            "PATH": os.environ["PATH"], "TZ": "UTC", "SUPERVISOR_ENABLED": "1",
            "SUPERVISOR_SERVER_URL": f"unix://{self.folder}/supervisor.sock",
            "SUPERVISOR_PROCESS_NAME": listener.process, "SUPERVISOR_GROUP_NAME": listener.process,
        }
        with subprocess.Popen(words, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True) as process:
            end = time.monotonic() + 20
            # A resolution for Alertmanager may be in the spool, too.
            while not (posts := [post for post in self.services.of(listener.name, template)
                                 if PREDICATES[sample] in json.dumps(post)]):
                if time.monotonic() > end or process.poll() is not None:
                    process.kill()
                    raise MissingAlert(f"stage {self.name}: {template} has rendered nothing: {process.stderr.read()}")
                time.sleep(0.02)
            process.communicate()
        return posts[0]

    # What happens on it

    def call(self, method, *arguments):
        stage = self

        class Connection(http.client.HTTPConnection):
            def connect(self):
                self.sock = socket.socket(socket.AF_UNIX)
                self.sock.settimeout(20)
                self.sock.connect(f"{stage.folder}/supervisor.sock")

        class Transport(xmlrpc.client.Transport):
            def make_connection(self, host):
                return Connection("localhost")

        proxy = xmlrpc.client.ServerProxy("http://localhost", transport=Transport())
        return getattr(proxy, f"supervisor.{method}")(*arguments)

    def start(self, name):
        try:
            self.call("startProcess", name, False)
        except UNAVAILABLE:
            pass  # it has failed already, which is what the scene is about

    def signal(self, name, number):
        self.call("signalProcess", name, str(int(number)))

    def stop(self, name):
        self.call("stopProcess", name, True)

    def by_hand(self, listener):
        """Runs a listener's command outside of supervisord."""
        environment = {name: self.fill(value) for name, value in listener.environment(self.services).items()}
        subprocess.run([*HOST, *self.clock, f"{TOOLS}/{listener.tool}", *listener.command.split()[1:]], check=False,
                       env={"PATH": os.environ["PATH"], **CLOCK, **environment}, stdin=subprocess.DEVNULL,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


class MissingAlert(Exception):
    """A scene's alert did not come in time."""


class Mail:
    """A mail as it was handed to the sendmail command."""

    def __init__(self, path):
        with open(path, "rb") as file:
            self.raw = file.read()
        self.message = email.message_from_bytes(self.raw, policy=email.policy.default)
        self.subject = self.message["Subject"]
        self.body = self.message.get_body(("plain",)).get_content().rstrip("\n")
        html = self.message.get_body(("html",))
        self.html = html.get_content() if html else None
        self.identity = number(self.message["Message-ID"].strip("<>").split("@")[0])


def number(identity):
    """The number of an alert, whose digits differ between channels."""
    return int(identity.split(".")[1], 16)
