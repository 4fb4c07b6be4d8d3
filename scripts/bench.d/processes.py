"""Starting, measuring and ending processes."""

import ctypes
import json
import os
import select
import signal
import subprocess
import sys
import time

PR_SET_CHILD_SUBREAPER = 36


class Trouble(Exception):
    """What was to be measured did not happen."""


def adopt_orphans():
    """Makes this process inherit what its descendants leave behind, so that end_all() sees it."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def parents():
    found = {}
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{entry}/stat", encoding="utf-8", errors="replace") as file:
                found[int(entry)] = int(file.read().rpartition(")")[2].split()[1])
        except OSError:
            continue
    return found


def end_all():
    """Kills everything below this process."""
    while True:
        table = parents()
        below, new = set(), {os.getpid()}
        while new:
            new = {pid for pid, parent in table.items() if parent in new} - below
            below |= new
        for pid in below:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        try:
            while os.waitpid(-1, os.WNOHANG) != (0, 0):
                pass
            time.sleep(0.01)
        except ChildProcessError:
            return


class Listener:
    """A listener that is spoken to as supervisord does."""

    serial = 0

    def __init__(self, name, command, server_url):
        environment = {
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"), "HOME": "/", "LANG": "C.UTF-8", "SUPERVISOR_ENABLED": "1",
            # Each crash is mailed, as superlance does.
            "SUPERLANCE_FLOOD_LIMIT": "0",
            "SUPERVISOR_PROCESS_NAME": name, "SUPERVISOR_GROUP_NAME": name, "SUPERVISOR_SERVER_URL": server_url,
        }
        pipes = [os.pipe() for _ in range(3)]
        theirs = [pipes[0][0], pipes[1][1], pipes[2][1]]
        self.input, self.output, self.diagnostics = pipes[0][1], pipes[1][0], pipes[2][0]
        self.name, self.said, self.told, self.poolserial = name, b"", b"", 0
        begin = time.monotonic()
        self.pid = os.posix_spawn(
            command[0], command, environment,
            file_actions=[(os.POSIX_SPAWN_DUP2, descriptor, number) for number, descriptor in enumerate(theirs)])
        for descriptor in theirs:
            os.close(descriptor)
        self.poll = select.poll()
        self.poll.register(self.output, select.POLLIN)
        self.poll.register(self.diagnostics, select.POLLIN)
        self.wait(lambda: self.said.endswith(b"READY\n"), "is not READY")
        self.time_to_ready = time.monotonic() - begin

    def wait(self, condition, complaint, seconds=300):
        end = time.monotonic() + seconds
        while not condition():
            ready = self.poll.poll(max(0, end - time.monotonic()) * 1000)
            for descriptor, _ in ready:
                data = os.read(descriptor, 65536)
                if descriptor == self.output:
                    self.said += data
                else:
                    self.told += data
                if not data:
                    ready = []
            if not ready:
                raise Trouble(f"{self.name} {complaint}: {self.told[-2000:].decode(errors='replace')}")

    def send(self, event, payload):
        """Sends an event and returns when it was sent."""
        Listener.serial += 1
        self.poolserial += 1
        header = (
            f"ver:3.0 server:supervisor serial:{Listener.serial} pool:{self.name} poolserial:{self.poolserial}"
            f" eventname:{event} len:{len(payload)}\n")
        self.said = b""
        now = time.monotonic()
        os.write(self.input, (header + payload).encode())
        return now

    def ask(self, event, payload):
        """Sends an event and waits until it is answered and the next may come."""
        self.send(event, payload)
        self.wait(lambda: self.said.endswith(b"READY\n"), f"does not answer {event}")
        if not self.said.startswith(b"RESULT 2\nOK"):
            raise Trouble(f"{self.name} answers {self.said}")

    def tick(self, period=60):
        self.ask(f"TICK_{period}", f"when:{int(time.time()) // period * period}")

    def children(self):
        with open(f"/proc/{self.pid}/task/{self.pid}/children", encoding="ascii") as file:
            return file.read().split()

    def cpu(self):
        """The seconds of CPU that it has used, and its children that have ended."""
        with open(f"/proc/{self.pid}/schedstat", encoding="ascii") as file:
            own = int(file.read().split()[0]) / 1e9
        with open(f"/proc/{self.pid}/stat", encoding="utf-8") as file:
            ticks = file.read().rpartition(")")[2].split()[13:15]
        return own + sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")

    def memory(self):
        """Rss, Pss and Anonymous in bytes."""
        with open(f"/proc/{self.pid}/smaps_rollup", encoding="ascii") as file:
            lines = [line.split() for line in file]
        return {words[0][:-1]: int(words[1]) * 1024 for words in lines if words[0] in ("Rss:", "Pss:", "Anonymous:")}

    def end(self):
        """Ends it and returns the seconds of CPU that it and its children have used."""
        os.close(self.input)
        os.set_blocking(self.output, False)
        os.set_blocking(self.diagnostics, False)
        for _ in range(1000):
            pid, _, usage = os.wait4(self.pid, os.WNOHANG)
            if pid:
                break
            for descriptor in (self.output, self.diagnostics):
                try:
                    os.read(descriptor, 65536)
                except BlockingIOError:
                    pass
            time.sleep(0.01)
        else:
            raise Trouble(f"{self.name} does not end")
        os.close(self.output)
        os.close(self.diagnostics)
        self.peak = usage.ru_maxrss * 1024  # of the largest, its children among them
        return usage.ru_utime + usage.ru_stime


class Server:
    """One of servers.py."""

    def __init__(self, *arguments):
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "servers.py")
        self.process = subprocess.Popen(
            [sys.executable, "-B", script, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            start_new_session=True)
        self.address = self.event()

    def event(self, seconds=60):
        if not select.select([self.process.stdout], [], [], seconds)[0]:
            raise Trouble("a server waits for a listener in vain")
        # Unbuffered, so that select() sees what is left.
        line = b""
        while not line.endswith(b"\n"):
            byte = os.read(self.process.stdout.fileno(), 1)
            if not byte:
                raise Trouble("a server has ended")
            line += byte
        return line.decode().strip()

    def set(self, wish):
        self.process.stdin.write(json.dumps(wish).encode() + b"\n")
        self.process.stdin.flush()
        while self.event() != "done":
            pass

    def end(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


class Sleepers:
    """True processes for memmon to look at."""

    def __init__(self):
        self.pids = []

    def grow(self, count):
        while len(self.pids) < count:
            self.pids.append(self.spawn())
        return [(f"worker{number:04}", pid) for number, pid in enumerate(self.pids)]

    def renew(self, number):
        """Puts a new one into the place of one of them."""
        old, self.pids[number] = self.pids[number], self.spawn()
        os.kill(old, signal.SIGKILL)
        os.waitpid(old, 0)

    def grow_large(self, count):
        """Processes of some 30 MB."""
        script = "import time; held = bytearray(b'x') * 20_000_000; time.sleep(86400)"
        pids = [os.posix_spawn(sys.executable, [sys.executable, "-c", script], {}) for _ in range(count)]
        self.pids.extend(pids)
        return [(f"large{number}", pid) for number, pid in enumerate(pids)]

    @staticmethod
    def spawn():
        return os.posix_spawn("/bin/sleep", ["sleep", "infinity"], {})

    def end(self):
        for pid in self.pids:
            os.kill(pid, signal.SIGKILL)
        for pid in self.pids:
            os.waitpid(pid, 0)
        self.pids = []
