"""An SMTP server that keeps what it gets and misbehaves as told: smtp_server.py OPTIONS (a JSON object).

Options: tls (none, starttls or implicit), certificate, key, user, password, host.
Requests: {"behave": {...}}, {"messages": true}, {"events": true}, {"listen": true or false}.

Behaviour, all optional: recipients (address to refusal), sender and end (refusals of MAIL and of the message),
stall and close (the stage to do it at: greeting, EHLO, MAIL, RCPT, or DATA, when all of it has come), and times, how many connections it lasts.
"""

import asyncio
import base64
import json
import socket
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

import control

options = json.loads(sys.argv[1])
behaviour = {}
messages = []
events = []
sessions = set()


class Server(SMTP):
    """One connection."""

    def connection_made(self, transport):
        if self.session is None:  # not when TLS has just begun
            events.append({"event": "connect"})
            self.behaviour = next_behaviour()
        sessions.add(transport)
        super().connection_made(transport)

    async def _handle_client(self):
        await self.event_handler.misbehave(self, "greeting")
        await super()._handle_client()


def next_behaviour():
    global behaviour
    current = behaviour
    if "times" in current:
        behaviour = {} if current["times"] <= 1 else {**current, "times": current["times"] - 1}
    return current


class Handler:
    """Stores what is accepted; each hook may refuse, stall or hang up."""

    async def misbehave(self, server, stage):
        if server.behaviour.get("stall") == stage:
            events.append({"event": "stall", "detail": stage})
            await asyncio.sleep(86400)
        if server.behaviour.get("close") == stage:
            events.append({"event": "close", "detail": stage})
            server.transport.abort()
            await asyncio.sleep(86400)

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        await self.misbehave(server, "EHLO")
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server, session, envelope, address, mail_options):
        await self.misbehave(server, "MAIL")
        if refusal := server.behaviour.get("sender"):
            return refusal
        envelope.mail_from = address
        return "250 2.1.0 OK"

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        await self.misbehave(server, "RCPT")
        events.append({"event": "recipient", "detail": address})
        if refusal := server.behaviour.get("recipients", {}).get(address):
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server, session, envelope):
        await self.misbehave(server, "DATA")
        if refusal := server.behaviour.get("end"):
            return refusal
        messages.append({
            "sender": envelope.mail_from,
            "recipients": envelope.rcpt_tos,
            "content": base64.b64encode(envelope.original_content).decode(),
            "encrypted": session.ssl is not None or options.get("tls") == "implicit",
            "user": session.auth_data.login.decode() if session.authenticated else None,
            "hello": session.host_name,
        })
        return "250 2.0.0 kept"


def authenticate(server, session, envelope, mechanism, data):
    good = (data.login.decode(), data.password.decode()) == (options["user"], options["password"])
    events.append({"event": "login", "detail": f"{mechanism} {data.login.decode()} {'right' if good else 'wrong'}"})
    return AuthResult(success=good, handled=False, auth_data=data if good else None)


def tls_context():
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(options["certificate"], options["key"])
    return context


def session_protocol():
    tls = options.get("tls", "none")
    login = options.get("user") is not None
    return Server(
        Handler(),
        hostname="localhost",
        enable_SMTPUTF8=options.get("utf8", False),
        tls_context=tls_context() if tls == "starttls" else None,
        require_starttls=tls == "starttls",
        authenticator=authenticate if login else None,
        auth_required=login,
        auth_require_tls=tls == "starttls",
        timeout=86400,
        loop=asyncio.get_running_loop(),
    )


class Door:
    """A port that is ours from the first to the last, whether it is listened on or not."""

    def __init__(self):
        self.socket = self.bound(0)
        self.port = self.socket.getsockname()[1]
        self.server = None

    @staticmethod
    def bound(port):
        # Bound and not listening: a connection is refused, and nobody else gets the port.
        host = options.get("host", "127.0.0.1")
        sock = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((host, port))
        return sock

    async def open(self):
        if self.server is None:
            context = tls_context() if options.get("tls") == "implicit" else None
            self.server = await asyncio.get_running_loop().create_server(
                session_protocol, sock=self.socket, ssl=context)

    async def close(self):
        if self.server is not None:
            self.server.close()
            self.server = None
            for transport in sessions:
                transport.abort()
            sessions.clear()
            await asyncio.sleep(0)  # the listening socket is closed by now
            self.socket = self.bound(self.port)


async def main():
    door = Door()
    loop = asyncio.get_running_loop()
    await door.open()

    def handle(request):
        global behaviour
        if "behave" in request:
            behaviour = request["behave"]
        elif "messages" in request:
            return list(messages)
        elif "events" in request:
            return list(events)
        elif "listen" in request:
            change = door.open() if request["listen"] else door.close()
            asyncio.run_coroutine_threadsafe(change, loop).result(10)
        return True

    control.reply({"port": door.port})
    control.obey_in_background(handle)
    await asyncio.Event().wait()


asyncio.run(main())
