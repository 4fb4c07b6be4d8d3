"""What the listeners talk to, each a process of its own: servers.py supervisord SOCKET | site | mailbox

The first line on stdout is where it listens; every later one is an event: when a page was sent, or that a message
came. A line on stdin, in JSON, sets the processes or the status to answer with. When stdin ends, it ends too.
"""

import json
import os
import socketserver
import sys
import threading
import time
import xmlrpc.client

answers = {}
infos = []
status = 200


def tell(words):
    os.write(1, f"{words}\n".encode())


def response(value):
    answer = value if isinstance(value, xmlrpc.client.Fault) else (value,)
    body = xmlrpc.client.dumps(answer, methodresponse=True).encode()
    return b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: %d\r\n\r\n" % len(body) + body


def called(body):
    """The process that a call is about."""
    return body.split(b"<string>")[1].split(b"</string>")[0].split(b":")[-1]


def change(name, **values):
    """Shows a process in another state, as a restart must see it."""
    for info in infos:
        if info["name"].encode() == name:
            info.update(values)
            answers[b"getProcessInfo" + name] = response(info)
    answers[b"getAllProcessInfo"] = response(infos)


def prepare(processes):
    """Makes the answers now, so that making them is not what is measured."""
    global answers, infos

    now = int(time.time())
    infos = [
        {
            "name": name, "group": name, "description": f"pid {pid}, uptime 0:01:00", "start": now - 60, "stop": 0,
            "now": now, "state": 20 if pid else 0, "statename": "RUNNING" if pid else "STOPPED", "spawnerr": "",
            "exitstatus": 0, "logfile": f"/var/log/{name}.log", "stdout_logfile": f"/var/log/{name}.log",
            "stderr_logfile": "", "pid": pid,
        }
        for name, pid in processes
    ]
    prepared = {
        b"getAllProcessInfo": response(infos), b"Process<": response(True), b"getIdentification": response("supervisor"),
        b"no such process": response(xmlrpc.client.Fault(10, "BAD_NAME")),
    }
    for info in infos:
        prepared[b"getProcessInfo" + info["name"].encode()] = response(info)
    answers = prepared


class Supervisord(socketserver.StreamRequestHandler):
    """XML-RPC with connections that are kept; knows a method when it sees its name."""

    def handle(self):
        while self.rfile.readline():
            length = 0
            while (line := self.rfile.readline()) not in (b"\r\n", b""):
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            self.wfile.write(self.answer(self.rfile.read(length)))

    @staticmethod
    def answer(body):
        if b"getAllProcessInfo" in body:
            return answers[b"getAllProcessInfo"]
        if b"getProcessInfo" in body:
            return answers.get(b"getProcessInfo" + called(body), answers[b"no such process"])
        if b"getIdentification" in body:
            return answers[b"getIdentification"]
        if b"stopProcess<" in body:
            change(called(body), state=0, statename="STOPPED")
        if b"startProcess<" in body:
            change(called(body), state=20, statename="RUNNING", start=int(time.time()))
        return answers[b"Process<"]


class Site(socketserver.StreamRequestHandler):
    """A page that says when it was sent."""

    def handle(self):
        while self.rfile.readline() not in (b"\r\n", b""):
            pass
        self.wfile.write(b"HTTP/1.1 %d Told\r\nContent-Length: 3\r\nConnection: close\r\n\r\nok\n" % status)
        tell(time.monotonic())


class Mailbox(socketserver.StreamRequestHandler):
    """As much of RFC 5321 as it takes to be handed a message."""

    def handle(self):
        self.wfile.write(b"220 localhost ESMTP\r\n")
        while line := self.rfile.readline():
            command, message = line[:4].upper(), []
            if command == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                while (line := self.rfile.readline()) not in (b".\r\n", b""):
                    message.append(line)
            self.wfile.write(self.reply(command))
            if command == b"DATA":
                self.take(b"".join(message))
            if command == b"QUIT":
                return

    def reply(self, command):
        return b"221 bye\r\n" if command == b"QUIT" else b"250 OK\r\n"

    def take(self, message):
        tell("message")


class TCPServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 128  # a hundred URLs are asked for at once
    disable_nagle_algorithm = True


class UnixServer(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


def obey():
    global status
    for line in sys.stdin:
        wish = json.loads(line)
        if isinstance(wish, int):
            status = wish
        else:
            prepare(wish)
        tell("done")
    os._exit(0)


def main():
    kind = sys.argv[1]
    if kind == "supervisord":
        server = UnixServer(sys.argv[2], Supervisord)
        tell(sys.argv[2])
    else:
        server = TCPServer(("127.0.0.1", 0), {"site": Site, "mailbox": Mailbox}[kind])
        tell(f"127.0.0.1:{server.server_address[1]}")
    server.handle_error = lambda request, client: None  # listeners hang up when they end
    threading.Thread(target=obey, daemon=True).start()
    server.serve_forever()


if __name__ == "__main__":
    main()
