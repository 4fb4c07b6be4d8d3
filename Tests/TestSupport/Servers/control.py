"""How a test steers its server: JSON lines in on stdin, one JSON line back on stdout for each.

The first line a server writes is where it listens. When stdin ends (the test is over, or was killed), it ends too.
"""

import json
import os
import sys
import threading


def reply(answer):
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def obey(handle):
    """Answers every request on stdin with handle(request), until stdin ends."""
    for line in sys.stdin:
        try:
            reply({"result": handle(json.loads(line))})
        except Exception as error:  # told to the test, which fails with it
            reply({"error": f"{type(error).__name__}: {error}"})


def obey_in_background(handle, at_end=lambda: None):
    def run():
        obey(handle)
        at_end()
        os._exit(0)

    threading.Thread(target=run, daemon=True).start()
