"""The six listeners at work, with all they need."""

import os
import time

from processes import Server, Trouble

TOOLS = ["httpok", "memmon", "crashmail", "crashmailbatch", "fatalmailbatch", "crashsms"]
BATCH = TOOLS[3:]
PROCESS = "processname:cat groupname:cat from_state:RUNNING"


def idle_arguments(tool, mailbox="127.0.0.1:25", sendmail="cat >/dev/null", site="127.0.0.1:80"):
    mail = ["-m", "root@localhost", "-s", sendmail]
    match tool:
        case "httpok":
            return ["-p", "worker0000", "-t", "5", *mail, f"http://{site}/"]
        case "memmon":
            return ["-p", "worker0001=1", "-a", "1GB", *mail]
        case "crashmail":
            return ["-a", *mail]
        case _:
            return ["-t", "root@localhost", "-f", "bench@localhost", "-H", mailbox]


class Household:
    """Listeners with all they need: start(tool, arguments, url) starts one."""

    def __init__(self, start, folder, supervisord, sleepers, tools=TOOLS):
        self.folder, self.supervisord, self.sleepers = folder, supervisord, sleepers
        self.mailbox, self.site = Server("mailbox"), Server("site")
        self.listeners = [
            start(
                tool, idle_arguments(tool, self.mailbox.address, f"cat >{folder}/{tool}", self.site.address),
                f"unix://{supervisord.address}")
            for tool in tools
        ]

    def live(self):
        """Seven ticks for each, and a delivery."""
        self.supervisord.set(self.sleepers[:1] + [("worker0001", 0)] + self.sleepers[2:])
        self.ticks(3)
        self.supervisord.set(self.sleepers)
        self.site.set(500)
        for listener in self.listeners:
            if listener.name == "fatalmailbatch":
                listener.ask("PROCESS_STATE_FATAL", PROCESS)
            elif listener.name not in ("httpok", "memmon"):
                listener.ask("PROCESS_STATE_EXITED", f"{PROCESS} expected:0 pid:4711")
        self.rest()  # a batch holds back what is still looked into
        self.ticks(1)
        for listener in self.listeners:
            if listener.name in BATCH:
                self.mailbox.event()
        self.until(
            lambda: all(self.has_mail(listener.name) for listener in self.listeners if listener.name not in BATCH),
            "is told by sendmail")
        self.site.set(200)
        self.supervisord.set(self.sleepers[:1] + [("worker0001", 0)] + self.sleepers[2:])
        self.ticks(3)

    def has_mail(self, tool):
        path = f"{self.folder}/{tool}"
        return os.path.exists(path) and os.path.getsize(path) > 0

    def until(self, condition, what):
        end = time.monotonic() + 30
        while not condition():
            if time.monotonic() > end:
                raise Trouble(f"not everything {what}")
            time.sleep(0.05)

    def rest(self):
        """Waits until no listener has children."""
        self.until(lambda: not any(listener.children() for listener in self.listeners), "has ended")

    def ticks(self, count):
        for _ in range(count):
            for listener in self.listeners:
                listener.tick()
            self.rest()

    def memory(self, seconds):
        """What they use when they have been idle for some seconds."""
        self.rest()
        time.sleep(seconds)
        return {listener.name: listener.memory() for listener in self.listeners}

    def end(self):
        for listener in self.listeners:
            listener.end()
        self.mailbox.end()
        self.site.end()
