"""The end of the demo: a supervisord below superlance init, which fatalexit stops, as in a container."""

import os
import subprocess

CONFIGURATION = """
[unix_http_server]
file={0}/container.sock

[supervisord]
nodaemon=true
logfile={0}/container.log
pidfile={0}/container.pid
childlogdir={0}

[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface

[program:unable]
command=/bin/sh -c 'exit 7'
startretries=0

[eventlistener:fatalexit]
command="{1}/fatalexit" -m fatalexit@example.org -s {0}/sendmail
events=PROCESS_STATE,SUPERVISOR_STATE_CHANGE,TICK_5
buffer_size=1024
"""
STATUS = 7
NAMESPACE = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"]


class Container:
    def __init__(self, folder, tools, say):
        self.folder, self.tools, self.say = folder, tools, say
        self.status = None
        self.is_first = False

    def run(self):
        path = f"{self.folder}/container.conf"
        with open(path, "w", encoding="utf-8") as file:
            file.write(CONFIGURATION.format(self.folder, self.tools))
        supervisord = os.path.abspath(".build/supervisor-4.3.0/bin/supervisord")
        command = [f"{self.tools}/superlance", "init", "--", supervisord, "-n", "-c", path]
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.is_first = subprocess.run([*NAMESPACE, "true"], check=False, **quiet).returncode == 0
        self.say("a supervisord below superlance init" + (", which is PID 1" if self.is_first else ""))
        try:
            run = subprocess.run((NAMESPACE if self.is_first else []) + command, check=False, timeout=30, **quiet)
            self.status = run.returncode
        except subprocess.TimeoutExpired:
            self.say("it has not ended within 30 s")
        self.say(f"the program exited with {STATUS}, the container exited with {self.status}")

    def has_mail(self):
        folder = f"{self.folder}/mail"
        for name in os.listdir(folder):
            with open(f"{folder}/{name}", encoding="utf-8", errors="replace") as file:
                if "To: fatalexit@example.org" in file.read():
                    return True
        return False

    def rows(self):
        return [
            ("fatalexit", "stops supervisord for a FATAL program", int(self.has_mail()), "-", self.has_mail()),
            ("superlance init", "ends with the program's status", "-", f"status {self.status}", self.status == STATUS),
        ]

    def is_done(self):
        return all(row[-1] for row in self.rows())
