"""leak.py NAME TIMES MEGABYTES: holds a third of so many megabytes, and all after ten seconds; small after so many runs."""

import os
import sys
import time

name, times, megabytes = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
with open(f"{os.environ['FOLDER']}/runs.{name}", "a+", encoding="utf-8") as file:
    file.write("\n")
    file.seek(0)
    runs = len(file.readlines())
start = time.monotonic()
held = b"x" * (megabytes // 3 << 20) if runs <= times else b""
print(f"run {runs}: reading the orders", file=sys.stderr, flush=True)
while True:
    if runs <= times and time.monotonic() - start > 10:
        held = b""  # freed first
        held = b"x" * (megabytes << 20)
        times = 0
    time.sleep(0.5)
