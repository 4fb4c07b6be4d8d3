"""When who of those the listeners talk to is out of order."""

import time

# Everybody has had a bad time once within so many seconds.
PERIOD = 120
TROUBLES = {
    "the site answers 500": (10, 20),
    "SMTP refuses": (20, 30),
    "sendmail fails": (40, 50),
    "SMTP is down": (60, 75),
    "the site hangs up": (80, 85),
    "the site is slow": (85, 95),
    "Alertmanager is down": (95, 105),
    "a process is too large": (25, 75),
}


class Weather:
    """Troubles come and go until it is calm."""

    def __init__(self):
        self.begin, self.is_calm = time.monotonic(), False

    def has(self, trouble):
        begin, end = TROUBLES[trouble]
        return not self.is_calm and begin <= (time.monotonic() - self.begin) % PERIOD < end
