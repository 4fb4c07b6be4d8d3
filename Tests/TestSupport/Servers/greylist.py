"""A greylist for Postfix (its SMTPD_POLICY_README), run by spawn(8): greylist.py SECONDS FOLDER

Whoever is seen for the first time is deferred, and again until so many seconds are over. The folder remembers them, since
each smtpd gets a process of its own.
"""

import hashlib
import os
import sys
import time

seconds, folder = float(sys.argv[1]), sys.argv[2]


def is_early(who):
    path = os.path.join(folder, hashlib.sha256("\n".join(who).encode()).hexdigest())
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        pass
    return time.time() - os.stat(path).st_mtime < seconds


attributes = {}
for line in sys.stdin:
    name, _, value = line.rstrip("\n").partition("=")
    if name:
        attributes[name] = value
        continue
    who = [attributes.get(key, "") for key in ("client_address", "sender", "recipient")]
    action = "DEFER_IF_PERMIT Greylisted, see you later" if is_early(who) else "DUNNO"
    sys.stdout.write(f"action={action}\n\n")
    sys.stdout.flush()
    attributes = {}
