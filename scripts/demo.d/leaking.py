"""A program that leaks: 8 MB twice a second, up to 128 MB."""

import time

lost = []
while True:
    if len(lost) < 16:
        lost.append(b"x" * (8 << 20))
    time.sleep(0.5)
