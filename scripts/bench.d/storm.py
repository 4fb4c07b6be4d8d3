"""Many crashes at once under a true supervisord."""

import glob
import os
import re
import signal
import subprocess
import time

from processes import Trouble

CRASHES = 120
SECONDS = 6
# All programs have been started by then.
LEAD = 3

CONFIGURATION = """\
[supervisord]
nodaemon=true
logfile={folder}/supervisord.log
pidfile={folder}/supervisord.pid
childlogdir={folder}
[unix_http_server]
file={folder}/supervisor.sock
[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
[eventlistener:crashmail]
environment=SUPERLANCE_FLOOD_LIMIT="0"
command={crashmail} -a -m root -s {folder}/sendmail
events=PROCESS_STATE_EXITED
buffer_size=40
[group:crashers]
programs={programs}
"""

# In one group, because supervisord stops a group a second.
PROGRAM = """\
[program:crasher{number}]
command=/bin/sh -c "sleep {delay:.2f}; exit 1"
autorestart=false
startsecs=0
stdout_logfile=NONE
stderr_logfile=NONE
"""

SENDMAIL = """\
#!/bin/sh
cat >"{folder}/mail.$$" && sleep 0.3
"""


def told(folder):
    """The programs that are named in the mail so far."""
    names = set()
    for path in glob.glob(f"{folder}/mail.*"):
        with open(path, encoding="utf-8") as file:
            names |= set(re.findall(r"crasher\d+", file.read()))
    return names


def storm(supervisord, crashmail, folder):
    """How many of the crashes are told, and how many seconds after the last crash the last one is."""
    with open(f"{folder}/sendmail", "w", encoding="ascii") as file:
        file.write(SENDMAIL.format(folder=folder))
    os.chmod(f"{folder}/sendmail", 0o755)
    with open(f"{folder}/supervisord.conf", "w", encoding="ascii") as file:
        programs = ",".join(f"crasher{number}" for number in range(CRASHES))
        file.write(CONFIGURATION.format(folder=folder, crashmail=crashmail, programs=programs))
        for number in range(CRASHES):
            file.write(PROGRAM.format(number=number, delay=LEAD + number * SECONDS / CRASHES))
    daemon = subprocess.Popen(
        [supervisord, "--configuration", f"{folder}/supervisord.conf"],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        return watch(daemon, folder)
    finally:
        daemon.send_signal(signal.SIGTERM)
        daemon.wait(30)


def watch(daemon, folder):
    """Waits until all crashes have happened and nothing has been told for five seconds."""
    count, last, crashed = 0, time.monotonic(), None
    limit = last + 180
    while time.monotonic() < limit:
        time.sleep(0.05)
        if daemon.poll() is not None:
            raise Trouble(f"supervisord exited with status {daemon.returncode}")
        if crashed is None and exits(folder) == CRASHES:
            crashed, last = os.stat(f"{folder}/supervisord.log").st_mtime, time.monotonic()
        if (now := len(told(folder))) != count:
            count, last = now, time.monotonic()
        if crashed is not None and (count == CRASHES or time.monotonic() > last + 5):
            return count, max(os.stat(path).st_mtime for path in glob.glob(f"{folder}/mail.*")) - crashed
    raise Trouble(f"the storm does not end: {exits(folder)} crashes")


def exits(folder):
    try:
        with open(f"{folder}/supervisord.log", encoding="utf-8") as file:
            return len(re.findall(r"exited: crasher\d+ \(exit status 1; not expected\)", file.read()))
    except FileNotFoundError:
        return 0
