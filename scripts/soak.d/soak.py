"""Keeps six listeners busy for a long time: soak.py LISTENERS MINUTES RATE"""

import os
import signal
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../bench.d"))

from conversation import Conversation
from events import Stream
from figures import TOLERANCE, Figures, mebibytes, table
from processes import Sleepers, Trouble, adopt_orphans, end_all
from receivers import Receivers
from weather import Weather

LISTENERS, MINUTES, RATE = os.path.abspath(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3])
TOOLS = ["httpok", "memmon", "crashmail", "crashmailbatch", "fatalmailbatch", "crashsms"]
# Between two looks at everybody, in seconds.
INTERVAL = 2
# How long it may take until everything is told, in seconds: the pause between two attempts to deliver is 5 minutes at
# the most, after many failures.
PATIENCE = 420


def say(words):
    print(f"soak: {words}", flush=True)


class Soak:
    """The listeners, those they talk to, and what is measured."""

    def __init__(self, folder):
        self.folder, self.weather, self.sleepers = folder, Weather(), Sleepers()
        self.receivers = Receivers(folder, self.sleepers, self.weather)
        self.records = self.receivers.records
        for name in ("spool", "metrics"):
            os.mkdir(f"{folder}/{name}")
        self.figures = {}
        self.talks = [self.start(tool, seed) for seed, tool in enumerate(TOOLS)]
        self.keep_still(5, self.have_no_children, "are not at rest after their start")
        self.figures = {talk.name: Figures(self.sample(talk)) for talk in self.talks}

    def start(self, tool, seed):
        receivers, web = self.receivers, f"http://{self.receivers.web.address}"
        sendmail = ["-m", f"{tool}@example.org", "-s", receivers.sendmail]
        smtp = [
            "-t", f"{tool}@example.org", "-f", "soak@example.org", "-H", receivers.mailbox.address, "-e", "TICK_5",
            "-i", "0.25",
        ]
        own = {
            "httpok": ["-p", "worker0000", "-t", "2", "--recovered", *sendmail],
            "memmon": ["-p", f"{receivers.VICTIM}=1", "-a", "1GB", "-c", *sendmail],
            "crashmail": ["--cooldown", "30", "--recovered", *sendmail],
            "crashmailbatch": ["--recovered", *smtp],
            "fatalmailbatch": ["--recovered", *smtp],
            "crashsms": smtp,
        }
        spool = f"{self.folder}/spool"
        common = [
            # Each alert is accounted for.
            "--flood-limit", "0", "--spool", spool, "--metrics", f"{self.folder}/metrics", "--heartbeat", f"{web}/heartbeat",
            "--webhook", f"{web}/webhook/{tool}", "--alertmanager", web,
        ]
        operands = [f"{web}/site"] if tool == "httpok" else []
        command = [f"{LISTENERS}/{tool}", *own[tool], *common, *operands]
        return Conversation(tool, command, f"unix://{receivers.supervisord}", Stream(seed), RATE, spool)

    # What has to be told

    def due(self, tool):
        """The number of alerts of each kind."""
        talk = next(talk for talk in self.talks if talk.name == tool)
        counts, events = self.records.counts, talk.events
        # A process that crashes all the time is well again once, at the end.
        recoveries = events.patients + len(events.crashed_loopers)
        return {
            "httpok": {kind: counts.get(kind, 0) for kind in ("unhealthy", "healthy")},
            "memmon": {"memory": counts.get("memory", 0)},
            "crashmail": {"crash": events.crashes, "recovery": recoveries},
            "crashmailbatch": {"crash": events.crashes, "recovery": recoveries},
            "fatalmailbatch": {"fatal": events.hopeless, "recovery": events.hopeless},
            "crashsms": {"crash": events.crashes},
        }[tool]

    def told(self, tool):
        """By mail and by webhook, whichever is less, and how many there are to tell."""
        due = self.due(tool)
        ways = [
            sum(min(number, self.records.number(tool, way, kind)) for kind, number in due.items())
            for way in ("mail", "webhook")
        ]
        return min(ways), sum(due.values())

    # Measuring

    def sample(self, talk):
        try:
            memory = talk.memory()
            return {"anonymous": memory["Anonymous"], "resident": memory["Rss"], "kept": talk.kept(), **self.glance(talk)}
        except (OSError, KeyError) as trouble:
            raise Trouble(f"{talk.name} has ended: {talk.trouble or trouble}") from None

    @staticmethod
    def glance(talk):
        """What comes and goes."""
        return {"descriptors": talk.descriptors(), "children": len(talk.children())}

    def look(self):
        """Keeps those they talk to going, and looks whether all are alive."""
        self.receivers.change()
        for talk in self.talks:
            if talk.trouble:
                raise Trouble(talk.trouble)
            if figures := self.figures.get(talk.name):
                figures.peak(self.glance(talk))

    def have_no_children(self):
        return not any(talk.children() for talk in self.talks)

    def keep_still(self, seconds, condition, complaint):
        """Waits until something has been so for some seconds."""
        end, since = time.monotonic() + PATIENCE, None
        while time.monotonic() < end:
            self.look()
            since = since or time.monotonic() if condition() else None
            if since and time.monotonic() >= since + seconds:
                return True
            time.sleep(0.1)
        say(f"the listeners {complaint}")
        return False

    # The course of things

    def run(self):
        self.load()
        self.weather.is_calm = True
        for talk in self.talks:
            talk.events.is_calm = True
        say("calm: waiting until everybody is well again and everything is told")
        self.keep_still(1, self.is_everything_told, "have not told everything")
        for talk in self.talks:
            talk.stop()
        self.keep_still(2, self.have_no_children, "have children")
        for talk in self.talks:
            self.figures[talk.name].last = self.sample(talk)
        return self.report()

    def load(self):
        begin = time.monotonic()
        for talk in self.talks:
            talk.begin()
        for number in range(1, round(MINUTES * 60 / INTERVAL) + 1):
            while (left := begin + number * INTERVAL - time.monotonic()) > 0:
                self.look()
                time.sleep(min(left, 0.25))
            for talk in self.talks:
                self.figures[talk.name].add(time.monotonic() - begin, self.sample(talk))
            if number * INTERVAL % 60 == 0:
                self.tell_progress(number * INTERVAL // 60)

    def tell_progress(self, minute):
        answered = sum(talk.answered for talk in self.talks)
        told = [self.told(tool) for tool in TOOLS]
        memory = ", ".join(
            f"{talk.name} {mebibytes(self.figures[talk.name].load[-1][1]['anonymous'])}" for talk in self.talks)
        say(
            f"{minute} of {MINUTES:g} min, {answered:,} events answered, {sum(part for part, _ in told):,} of "
            f"{sum(whole for _, whole in told):,} alerts told, MiB anonymous: {memory}")

    def is_everything_told(self):
        return not any(talk.kept() or self.records.still_firing(talk.name) for talk in self.talks) and all(
            part == whole for part, whole in map(self.told, TOOLS))

    # The end

    def report(self):
        rows = [[
            "", "events", "alerts told", "anonymous MiB", "most", "RSS MiB", "most", "descriptors", "most",
            "children", "most", "in spool", "most", "verdict",
        ]]
        is_well = True
        for talk in self.talks:
            figures, (told, due) = self.figures[talk.name], self.told(talk.name)
            complaints = list(figures.complaints()) + talk.faults[:3]
            if told < due:
                complaints.append(f"{due - told} not told")
            if firing := self.records.still_firing(talk.name):
                complaints.append(f"{firing} still firing")
            # What is asked for is checked when it is asked: one that is not answered ends everything.
            is_well = is_well and not complaints
            rows.append([
                talk.name, f"{talk.answered:,}", f"{told:,} of {due:,}",
                *self.course(figures, "anonymous"), *self.course(figures, "resident"),
                *self.rest(figures, "descriptors"), *self.rest(figures, "children"), *self.rest(figures, "kept"),
                "; ".join(complaints) or "constant",
            ])
        print(table(rows))
        say(
            "memory is the median of the second tenth of the time > that of the last one; "
            f"{TOLERANCE // 1024} KiB more are nothing to speak of. Descriptors, children and files in the spool are "
            "those at rest, before > after.")
        say(f"{MINUTES:g} minutes of {RATE:g} events a second for each listener: {'constant' if is_well else 'NOT WELL'}")
        return 0 if is_well else 1

    @staticmethod
    def course(figures, kind):
        return f"{mebibytes(figures.warm(kind))} > {mebibytes(figures.end(kind))}", mebibytes(figures.peaks[kind])

    @staticmethod
    def rest(figures, kind):
        return f"{figures.first[kind]} > {figures.last[kind]}", str(figures.peaks[kind])


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    adopt_orphans()
    try:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            try:
                return Soak(folder).run()
            finally:
                end_all()
    except Trouble as trouble:
        say(trouble)
        return 1
    except KeyboardInterrupt:
        return 130


sys.exit(main())
