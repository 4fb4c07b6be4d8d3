"""A supervisord as its XML-RPC clients see it: xmlrpc_server.py [--go] [SOCKET-PATH], without a path on a port of
127.0.0.1. With --go it is the Go host, ochinchina/supervisord: names need no group, all faults have one number, an
answer of true means nothing, and there are fewer methods.

Requests: {"processes": [...]}, {"behave": {...}}, {"calls": true}, {"table": true}, {"listen": true or false},
{"logs": {"supervisord": text, "NAME stdout": text, "NAME stderr": text}}.

Behaviour, all optional: user and password (anything else gets 401), status (an HTTP status instead of an answer),
garbage (a body instead of XML), truncated (only the first half of the XML), huge (an answer of 17 MiB), methods
(method, or "method name", to {"fault": [code, text]} | {"hang": true} | {"drop": true} | {"lose": true} |
{"delay": seconds} | {"late": seconds} | {"pretend": true}, each with "times", how often). A call that is dropped is not
carried out; one that is lost is, and then the connection ends. One with a delay is carried out after it, one that is
late before it. One that pretends answers true and does nothing.
"""

import base64
import http.server
import os
import socketserver
import sys
import threading
import time
import xmlrpc.client

import control

arguments = sys.argv[1:]
is_go = arguments[:1] == ["--go"]
path = arguments[-1] if arguments[is_go:] else None
lock = threading.Lock()
table = {}
logs = {}
calls = []
behaviour = {}
next_pid = 5_000_000  # above any pid of the kernel's: nobody can be hurt by taking it for true


class Dropped(Exception):
    """The connection is to be closed without an answer."""


class BadRequest(Exception):
    """The method is not known to the Go host."""


def named(state):
    return state.capitalize() if is_go else state


def complete(process):
    name = process["name"]
    running = process.get("pid", 0) != 0
    return {
        "name": name, "group": name, "description": "", "start": int(time.time()) - 60 if running else 0, "stop": 0,
        "now": int(time.time()), "state": 20 if running else 0, "statename": named("RUNNING" if running else "STOPPED"),
        "spawnerr": "", "exitstatus": 0, "logfile": "", "stdout_logfile": "", "stderr_logfile": "", "pid": 0, **process,
    }


def namespec(process):
    return f"{process['group']}:{process['name']}"


def find(name, words="BAD_NAME no process named"):
    key = name if ":" in name else f"{name}:{name}"
    if is_go and ":" not in name:
        key = next((key for key, process in table.items() if process["name"] == name), "")
    if key not in table:
        if is_go:
            raise xmlrpc.client.Fault(-32500, f"Application Error: {words} {name}")
        raise xmlrpc.client.Fault(10, f"BAD_NAME: {name}")
    return table[key]


def is_up(process):
    return process["statename"].upper() in ("RUNNING", "STARTING")


def stop_process(name, wait=True):
    process = find(name, "fail to find process")
    if is_up(process):
        process.update(state=0, statename=named("STOPPED"), pid=0, stop=int(time.time()))
    elif not is_go:
        raise xmlrpc.client.Fault(70, f"NOT_RUNNING: {name}")
    return True


def start_process(name, wait=True):
    global next_pid
    process = find(name, "fail to find process")
    if not is_up(process):
        next_pid += 1
        process.update(state=20, statename=named("RUNNING"), pid=next_pid, start=int(time.time()))
    elif not is_go:
        raise xmlrpc.client.Fault(60, f"ALREADY_STARTED: {name}")
    return True


def read_log(log, offset, length):
    if offset < 0 and length != 0 or offset >= 0 and length < 0:
        raise xmlrpc.client.Fault(-32500 if is_go else 3, "BAD_ARGUMENTS")
    data = logs.get(log, "").encode()
    return (data[offset:] if offset < 0 else data[offset:offset + length] if length else data[offset:]).decode()


def tail_log(log, offset, length):
    if is_go:  # three values, from the start
        text = logs.get(log, "")[offset:offset + length]
        return (text, len(text), False)
    return [logs.get(log, "")[-length:], len(logs.get(log, "")), False]


def shown(process):
    # Python writes no larger numbers; as texts they are read all the same.
    texts = {key: str(value) for key, value in process.items() if isinstance(value, int) and abs(value) >= 2**31}
    return {**process, **texts, "now": int(time.time())}


def everything():
    return [shown(process) for process in table.values()]


methods = {
    "supervisor.getAllProcessInfo": everything,
    "supervisor.getProcessInfo": lambda name: shown(find(name)),
    "supervisor.stopProcess": stop_process,
    "supervisor.startProcess": start_process,
    "supervisor.shutdown": lambda: True,
    "supervisor.getState": lambda: {"statecode": 1, "statename": "RUNNING"},
    "supervisor.getSupervisorVersion": lambda: "4.3.0",
    "supervisor.getAPIVersion": lambda: "3.0",
    "supervisor.getIdentification": lambda: "supervisor",
    "supervisor.readLog": lambda offset, length: read_log("supervisord", offset, length),
}
for channel in ("stdout", "stderr"):
    kind = f"Process{channel.capitalize()}Log"
    methods[f"supervisor.read{kind}"] = lambda name, offset, length, channel=channel: read_log(
        f"{find(name)['name']} {channel}", offset, length)
    methods[f"supervisor.tail{kind}"] = lambda name, offset, length, channel=channel: tail_log(
        f"{find(name)['name']} {channel}", offset, length)


def special(method, params):
    """What is to happen instead of an answer, if anything; counts it."""
    by_method = behaviour.get("methods", {})
    short = method.removeprefix("supervisor.")
    for key in ([f"{short} {params[0]}"] if params else []) + [short]:
        rule = by_method.get(key)
        if rule is not None and rule.get("times", 1) > 0:
            if "times" in rule:
                rule["times"] -= 1
            return rule
    return {}


def answer(method, params):
    with lock:
        calls.append({"method": method, "params": [str(param) for param in params if not isinstance(param, bool)]})
        rule = special(method, params)
    if "fault" in rule:
        raise xmlrpc.client.Fault(*rule["fault"])
    if rule.get("hang"):
        time.sleep(86400)
    if rule.get("drop"):
        raise Dropped
    time.sleep(rule.get("delay", 0))
    if method == "system.multicall" and not is_go:
        return [part(call) for call in params[0]]
    if method not in methods:
        raise BadRequest if is_go else xmlrpc.client.Fault(1, "UNKNOWN_METHOD")
    if rule.get("pretend"):
        return True
    with lock:
        result = methods[method](*params)
    if rule.get("lose"):
        raise Dropped
    time.sleep(rule.get("late", 0))
    return result


def part(call):
    """The result of one of several calls, which supervisord does not put into a list of its own."""
    try:
        return answer(call["methodName"], call["params"])
    except xmlrpc.client.Fault as fault:
        return {"faultCode": fault.faultCode, "faultString": fault.faultString}


class Handler(http.server.BaseHTTPRequestHandler):
    """One connection; supervisord closes it after the answer, as HTTP/1.0 does."""

    def address_string(self):
        return "client"

    def log_message(self, *arguments):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if "user" in behaviour:
            login = f"{behaviour['user']}:{behaviour['password']}".encode()
            if self.headers.get("Authorization") != "Basic " + base64.b64encode(login).decode():
                return self.send(401, b"Unauthorized", "text/plain")
        if "status" in behaviour:
            return self.send(behaviour["status"], b"told to", "text/plain")
        if "garbage" in behaviour:
            return self.send(200, behaviour["garbage"].encode(), "text/xml")
        params, method = xmlrpc.client.loads(body)
        try:
            result = answer(method, params)
            # The Go host sends several values, where others send a list.
            values = result if isinstance(result, tuple) else (result,)
            texts = [xmlrpc.client.dumps((value,), methodresponse=True) for value in values]
            text = texts[0].replace(
                "</params>", "".join(text.split("<params>")[1].split("</params>")[0] for text in texts[1:]) + "</params>")
        except BadRequest:
            return self.send(400, b"rpc: can't find the method", "text/plain")
        except xmlrpc.client.Fault as fault:
            text = xmlrpc.client.dumps(fault, methodresponse=True)
        except Dropped:
            self.close_connection = True
            return None
        if behaviour.get("truncated"):
            text = text[: len(text) // 2]
        if behaviour.get("huge"):
            text = text.replace("</params>", "<!--" + 17 * 1024 * 1024 * "x" + "--></params>")
        return self.send(200, text.encode(), "text/xml")

    def send(self, status, body, kind):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class TCPServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def handle_error(self, request, client_address):
        pass  # clients that hang up


class UnixServer(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request, client_address):
        pass  # clients that hang up


def listen(port=0):
    global server
    server = UnixServer(path, Handler) if path else TCPServer(("127.0.0.1", port), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()


def close():
    """Ends the server, and its socket with it, as the end of supervisord does."""
    global server
    server.shutdown()
    server.server_close()
    if path:
        os.unlink(path)
    server = None


def handle(request):
    global behaviour
    if "listen" in request:
        if request["listen"] != (server is not None):
            listen(port) if request["listen"] else close()
        return True
    with lock:
        if "processes" in request:
            table.clear()
            table.update((namespec(process), process) for process in map(complete, request["processes"]))
        elif "behave" in request:
            behaviour = request["behave"]
        elif "logs" in request:
            logs.update(request["logs"])
        elif "calls" in request:
            return list(calls)
        elif "table" in request:
            return everything()
    return True


server = None
listen()
port = 0 if path else server.server_address[1]
control.reply({"port": port})
control.obey(handle)
