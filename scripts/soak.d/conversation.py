"""Talks to a listener as supervisord does, in a thread of its own."""

import glob
import os
import threading
import time

from processes import Listener, Trouble

# Words of the log that mean a fault: nothing of all that happens is a reason for them.
FAULTS = [
    "worker process failed", "dropping an alert", "cannot read", "protocol error", "repeated event", "has dropped",
    "the spool:",
    "Fatal error",
]


class Conversation(Listener):
    """One listener, its events and its figures."""

    def __init__(self, name, command, server_url, events, rate, spool):
        self.events, self.rate, self.spool = events, rate, spool
        self.answered, self.poolserial, self.trouble, self.is_over = 0, 0, None, False
        self.line, self.faults = b"", []
        super().__init__(name, command, server_url)
        self.said = b""

    def begin(self):
        self.thread = threading.Thread(target=self.talk, daemon=True)
        self.thread.start()

    def talk(self):
        due = time.monotonic()
        try:
            while not self.is_over:
                if event := self.events.next():
                    self.ask(*event)
                    self.answered += 1
                # What was late is made up for, of the last second.
                due = max(due + 1 / self.rate, time.monotonic() - 1)
                self.listen(due)
        except (Trouble, OSError) as trouble:
            self.trouble = trouble

    def send(self, event, payload):
        self.poolserial += 1
        # Other pools have events, too. Supervisord counts characters.
        header = (
            f"ver:3.0 server:supervisor serial:{self.poolserial * 2} pool:{self.name} poolserial:{self.poolserial}"
            f" eventname:{event} len:{len(payload)}\n")
        data = (header + payload).encode()
        while data:
            data = data[os.write(self.input, data):]

    def ask(self, event, payload):
        if self.said:
            raise Trouble(f"{self.name} says {self.said} unasked")
        self.send(event, payload)
        self.wait(lambda: self.said.endswith(b"READY\n"), f"does not answer {event}", 60)
        if self.said != b"RESULT 2\nOKREADY\n":
            raise Trouble(f"{self.name} answers {self.said} to {event}")
        self.said = b""

    def listen(self, end):
        """Reads what the listener tells its log, until then."""
        while (left := end - time.monotonic()) > 0 and self.poll.poll(left * 1000):
            self.wait(lambda length=len(self.told): self.said or len(self.told) != length, "has ended")
            if self.said:
                break
        *lines, self.line = (self.line + self.told).split(b"\n")
        self.told = b""
        text = [line.decode(errors="replace") for line in lines]
        self.faults += [line for line in text if any(fault in line for fault in FAULTS)]

    # Figures

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def kept(self):
        """The files in its spool."""
        return len(glob.glob(f"{self.spool}/{self.name}.*/*"))

    def stop(self):
        self.is_over = True
        self.thread.join(90)
