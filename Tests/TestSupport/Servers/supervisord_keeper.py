"""Runs a true supervisord and ends it, with everything below it, when the test is over:
supervisord_keeper.py SUPERVISORD CONFIGURATION [SOCKET]

Requests: {"call": method, "params": [...]}, {"signal": number}, {"stop": seconds}.
"""

import ctypes
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
import xmlrpc.client

import control

program, configuration = sys.argv[1:3]
socket_path = sys.argv[3] if len(sys.argv) > 3 else None  # without one, nothing tells when it is up
libc = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36


class Connection(http.client.HTTPConnection):
    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(90)
        self.sock.connect(socket_path)


class Transport(xmlrpc.client.Transport):
    def make_connection(self, host):
        return Connection("localhost")


def call(method, params=()):
    server = xmlrpc.client.ServerProxy("http://localhost", transport=Transport())
    try:
        return getattr(server, method)(*params)
    except xmlrpc.client.Fault as fault:
        raise RuntimeError(f"fault {fault.faultCode}: {fault.faultString}") from None


def die_with_keeper():
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


def descendants():
    """Everything below this process: as its subreaper it inherits what supervisord leaves."""
    parents = {}
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{entry}/stat", encoding="utf-8", errors="replace") as file:
                parents[int(entry)] = int(file.read().rpartition(")")[2].split()[1])
        except OSError:
            continue
    found, new = set(), {os.getpid()}
    while new:
        new = {pid for pid, parent in parents.items() if parent in new} - found
        found |= new
    return found


def kill_all():
    while True:
        for pid in descendants():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        try:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                time.sleep(0.01)
        except ChildProcessError:
            return


def stop(seconds):
    daemon.send_signal(signal.SIGTERM)
    try:
        return daemon.wait(seconds)
    except subprocess.TimeoutExpired:
        return None
    finally:
        kill_all()


def handle(request):
    if "call" in request:
        return call(request["call"], request.get("params", []))
    if "signal" in request:
        daemon.send_signal(request["signal"])
        return True
    return stop(request["stop"])


def wait_until_up():
    if socket_path is None:
        return None
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if daemon.poll() is not None:
            return f"supervisord exited with status {daemon.returncode}"
        try:
            call("supervisor.getState")
            return None
        except RuntimeError:
            return None  # there may be no [rpcinterface:supervisor], on purpose
        except (OSError, http.client.HTTPException):
            time.sleep(0.02)
    return "supervisord does not answer"


def terminated(*_):
    kill_all()
    os._exit(1)


libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
signal.signal(signal.SIGTERM, terminated)
folder = os.path.dirname(configuration)
with open(os.path.join(folder, "supervisord.out"), "ab") as output:
    daemon = subprocess.Popen(
        [program, "--nodaemon", "--loglevel", "debug", "--configuration", configuration], cwd=folder,
        stdin=subprocess.DEVNULL, stdout=output, start_new_session=True, preexec_fn=die_with_keeper)
trouble = wait_until_up()
control.reply({"trouble": trouble} if trouble else {"pid": daemon.pid})
if not trouble:
    control.obey(handle)
kill_all()
