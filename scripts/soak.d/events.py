"""What a supervisord with many programs tells a listener that is subscribed to everything."""

import heapq
import random
import time

# How long it takes until each of the programs that crash now and then has done so, in seconds. Longer than the minute
# after which a program is well again, so that each of these crashes has a recovery.
ROUND = 120
# Crash a second or two after each other, and are well again only at the end: --cooldown counts them.
LOOPERS = ["looper0", "looper1", "looper2", "looper3", "umlauf:schleife-ß", "umlauf:循环", "umlauf:🔁", "umlauf:цикл"]
PATIENTS = [f"patient{number:02}" for number in range(50)] + [f"hôpital:malade-{number}é" for number in range(10)]
HOPELESS = [f"hopeless{number:02}" for number in range(30)] + [f"空:絶望{number}" for number in range(10)]
BYSTANDERS = [f"web:worker-{number}" for number in range(20)] + ["wäscherei", "服务:工人", "группа:процесс", "🚀"]
TEXTS = ["", "a line\n", "naïve café\n" * 20, "ログの一行\n" * 50, "x" * 3000, "\x1b[31mred\x1b[0m\ttab\n", "🙂" * 300]


def split(name):
    group, _, process = name.rpartition(":")
    return group or process, process


class Stream:
    """The events for one listener. Crashes keep their own time, however many other events there are."""

    def __init__(self, seed):
        self.chance = random.Random(seed)
        self.is_calm = False
        self.patients, self.loopers, self.crashed_loopers, self.hopeless = 0, 0, set(), 0
        self.pid = 10_000
        now = time.time()
        self.ticks = {period: now // period for period in (5, 60, 3600)}
        # What happens at its own time: when, in which order, and what gives the event.
        self.agenda, self.order = [], 0
        for cause, names in ((self.crash_of_patient, PATIENTS), (self.fatal, HOPELESS)):
            self.plan(now + self.chance.random(), self.regularly, cause, ROUND / len(names))
        self.plan(now, self.regularly, self.crash_of_looper, 1)

    def plan(self, when, action, *arguments):
        self.order += 1
        heapq.heappush(self.agenda, (when, self.order, action, arguments))

    def regularly(self, cause, interval):
        if self.is_calm:
            return None
        self.plan(self.now + interval, self.regularly, cause, interval)
        return cause()

    def next(self):
        """The name and the payload of the event that is to be sent now; nothing if there is none."""
        self.now = time.time()
        for period, last in self.ticks.items():
            if self.now // period > last:
                self.ticks[period] = self.now // period
                return f"TICK_{period}", f"when:{int(self.now // period) * period}"
        while self.agenda and self.agenda[0][0] <= self.now:
            _, _, action, arguments = heapq.heappop(self.agenda)
            if event := action(*arguments):
                return event
        return None if self.is_calm else self.everyday()

    # Programs that fail

    def crash_of_patient(self):
        name = PATIENTS[self.patients % len(PATIENTS)]
        self.patients += 1
        return self.crash(name)

    def crash_of_looper(self):
        name = LOOPERS[self.loopers % len(LOOPERS)]
        self.loopers += 1
        self.crashed_loopers.add(name)
        return self.crash(name)

    def crash(self, name):
        self.pid += 1
        self.start_again(name, 0.5)
        return self.change("EXITED", name, f"from_state:RUNNING expected:0 pid:{self.pid}")

    def fatal(self):
        name = HOPELESS[self.hopeless % len(HOPELESS)]
        self.hopeless += 1
        self.start_again(name, 2)
        return self.change("FATAL", name, "from_state:BACKOFF")

    def start_again(self, name, pause):
        self.plan(self.now + pause, self.change, "STARTING", name, "from_state:EXITED tries:0")
        self.plan(self.now + pause + 1, self.change, "RUNNING", name, f"from_state:STARTING pid:{self.pid + 1}")

    @property
    def crashes(self):
        return self.patients + self.loopers

    # Everybody else

    def everyday(self):
        """An event that is no reason to tell anybody."""
        kind = self.chance.choice([self.log, self.log, self.communication, self.remote, self.life, self.life, self.rare])
        return kind(self.chance.choice(BYSTANDERS))

    @staticmethod
    def change(state, name, rest):
        group, process = split(name)
        return f"PROCESS_STATE_{state}", f"processname:{process} groupname:{group} {rest}"

    def life(self, name):
        return self.change(*self.chance.choice([
            ("STARTING", name, "from_state:STOPPED tries:0"), ("RUNNING", name, "from_state:STARTING pid:4711"),
            ("BACKOFF", name, "from_state:STARTING tries:1"), ("STOPPING", name, "from_state:RUNNING pid:4711"),
            ("STOPPED", name, "from_state:STOPPING pid:4711"),
            ("EXITED", name, "from_state:RUNNING expected:1 pid:4711"),
        ]))

    def log(self, name):
        group, process = split(name)
        channel = self.chance.choice(["stdout", "stderr"])
        return (
            f"PROCESS_LOG_{channel.upper()}",
            f"processname:{process} groupname:{group} pid:4711 channel:{channel}\n{self.chance.choice(TEXTS)}")

    def communication(self, name):
        group, process = split(name)
        return (
            self.chance.choice(["PROCESS_COMMUNICATION_STDOUT", "PROCESS_COMMUNICATION_STDERR"]),
            f"processname:{process} groupname:{group} pid:4711\n{self.chance.choice(TEXTS)}")

    def remote(self, name):
        return "REMOTE_COMMUNICATION", f"type:{name}\n{self.chance.choice(TEXTS)}"

    def rare(self, name):
        return self.chance.choice([
            ("PROCESS_GROUP_ADDED", f"groupname:{split(name)[0]}\n"),
            ("PROCESS_GROUP_REMOVED", f"groupname:{split(name)[0]}\n"),
            ("SUPERVISOR_STATE_CHANGE_RUNNING", ""), ("EVENT_OF_ANOTHER_VERSION", "what:ever"),
        ])
