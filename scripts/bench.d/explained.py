"""Crashes that are explained, under a true supervisord that knows many programs."""

import glob
import os
import signal
import subprocess
import time

from processes import Trouble

PROGRAMS = 1000
EXPLAINED = 200
LASTING = 10
# All programs have been started by then.
LEAD = 15

CONFIGURATION = """\
[supervisord]
nodaemon=true
minfds=8192
logfile={folder}/supervisord.log
pidfile={folder}/supervisord.pid
childlogdir={folder}
[unix_http_server]
file={folder}/supervisor.sock
[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
[eventlistener:crashmail]
environment=SUPERLANCE_FLOOD_LIMIT="0"
command={command} -a -m root@localhost -s "cat >>{folder}/mails"
events=PROCESS_STATE_EXITED
buffer_size=1024
priority=1
[group:crashers]
programs={programs}
[program:idle]
command=/bin/sleep infinity
process_name=idle%(process_num)04d
numprocs={idle}
autostart=false
"""

PROGRAM = """\
[program:crasher{number}]
command=/bin/sh -c "sleep {delay:.2f}; echo last words >&2; exit 3"
autorestart=false
startsecs=0
stdout_logfile=NONE
"""


def cpu(pid):
    """The seconds of CPU that a process has used, and its children that have ended."""
    with open(f"/proc/{pid}/schedstat", encoding="ascii") as file:
        own = int(file.read().split()[0]) / 1e9
    with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
        ticks = file.read().rpartition(")")[2].split()[13:15]
    return own + sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def listener(daemon):
    """The process identifier of the listener, which supervisord starts first."""
    limit = time.monotonic() + 30
    while time.monotonic() < limit:
        for path in glob.glob(f"/proc/{daemon.pid}/task/{daemon.pid}/children"):
            with open(path, encoding="ascii") as file:
                for pid in file.read().split():
                    with open(f"/proc/{pid}/cmdline", "rb") as file:
                        if b"crashmail" in file.read():
                            return pid
        time.sleep(0.05)
    raise Trouble("supervisord has not started the listener")


def explained(supervisord, command, folder):
    """The CPU of a crash, how many mails tell of one, and how many know the exit status."""
    with open(f"{folder}/supervisord.conf", "w", encoding="ascii") as file:
        file.write(CONFIGURATION.format(
            folder=folder, command=command, idle=PROGRAMS - EXPLAINED,
            programs=",".join(f"crasher{number}" for number in range(EXPLAINED))))
        for number in range(EXPLAINED):
            file.write(PROGRAM.format(number=number, delay=LEAD + number * LASTING / EXPLAINED))
    open(f"{folder}/mails", "w", encoding="ascii").close()
    daemon = subprocess.Popen(
        [supervisord, "--configuration", f"{folder}/supervisord.conf"],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        pid = listener(daemon)
        time.sleep(LEAD - 5)
        before = cpu(pid)
        text, limit = "", time.monotonic() + LASTING + 30
        while (told := text.count("exited unexpectedly")) < EXPLAINED and time.monotonic() < limit:
            time.sleep(0.5)
            with open(f"{folder}/mails", encoding="utf-8") as file:
                text = file.read()
        time.sleep(0.5)  # for the last command to be waited for
        return (cpu(pid) - before) / EXPLAINED, told, text.count("exit status: 3")
    finally:
        daemon.send_signal(signal.SIGTERM)
        daemon.wait(60)
