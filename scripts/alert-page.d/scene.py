"""What scenes are made of: programs, listeners, what happens, and which of the alerts the page shows."""

class Alert:
    """An alert of the page: the first mail of a listener with these words in its subject or text."""

    def __init__(self, tool, title, listener, words="", note="", sample=None, kept=None, most=None, rest="",
                 command=None):
        self.tool, self.title, self.listener, self.words, self.note = tool, title, listener, words, note
        # Shown in full for each channel, as a crash, a restart or a recovery; the templates have it from this listener.
        self.sample, self.kept = sample, kept or listener
        # How many paragraphs are shown, and what stands for the others.
        self.most, self.rest = most, rest
        self.command = command

    def find(self, stage):
        """Its mail; None if it has not come yet."""
        for mail in stage.arrived(self.listener):
            text = f"{mail.subject}\n{mail.body}"
            if all(word in text for word in self.words.split("&")):
                return mail
        return None


def come(*titles):
    """The condition that alerts have come."""
    return lambda stage: all(alert.find(stage) for alert in stage.alerts if alert.title in titles)


def settled(listener, count):
    """The condition that every channel has so many of a listener's alerts."""
    return lambda stage: len(stage.arrived(listener)) >= count and all(
        len(stage.services.of(listener, channel)) >= count
        for channel in ("slack", "webhook", "pagerduty", "alertmanager"))


def program(name, command, settings=""):
    return (f"[program:{name}]\ncommand={command}\nstderr_logfile=@FOLDER@/{name}.log\n"
            f"environment=FOLDER=\"@FOLDER@\"\n{settings}\n")


def crash(name, times, seconds, ending, settings=""):
    return program(name, f"/bin/sh @HERE@/crash.sh {name} {times} {seconds} {ending}", settings)


def leak(name, times, megabytes, settings=""):
    return program(name, f"@PYTHON@ -S @HERE@/leak.py {name} {times} {megabytes}", f"stopwaitsecs=2\n{settings}")


TICK = "TICK_5"
QUICK = "startsecs=0\n"
ONCE = "startsecs=0\nautorestart=false\n"
FAILING = "startsecs=1\nstartretries=1\n"

APP_LINES = """\
INFO  POST /orders 201 in 12 ms
ERROR database: connection reset by peer
Traceback (most recent call last):
  File "/srv/shop/app.py", line 118, in handle
    order = database.fetch(number)
ConnectionError: the connection is closed
"""
REPORT_LINES = "report: cannot open /etc/report.conf: No such file or directory\n"
