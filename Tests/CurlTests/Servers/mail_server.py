"""aiosmtpd as a mail server; prints each message it takes as a line of JSON.

Recipients whose address begins with "later" get a 451, with "refused" a 550 of two lines.
"""
import argparse
import asyncio
import base64
import json
import os
import sys
import threading

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import certificate
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

options = argparse.ArgumentParser()
options.add_argument("--starttls", action="store_true")
options.add_argument("--tls", action="store_true")
options.add_argument("--login", help="user:password")
options.add_argument("--names", default=certificate.LOOPBACK)
options = options.parse_args()


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, parameters):
        if address.startswith("later"):
            return "451 4.7.1 greylisted, come back"
        if address.startswith("refused"):
            return "550-5.1.1 no such user\r\n550 5.1.1 here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        line = json.dumps({
            "hello": session.host_name,
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "tls": session.ssl is not None or options.tls,
            "login": getattr(session, "auth_data", None) is not None,
            "data": base64.b64encode(envelope.original_content).decode(),
        })
        # A long line fills the pipe, and its reader waits for the reply first.
        threading.Thread(target=print, args=(line,), kwargs={"flush": True}).start()
        return "250 2.0.0 queued as 4711"


def authenticate(server, session, envelope, mechanism, data):
    user, _, password = options.login.partition(":")
    ok = data.login == user.encode() and data.password == password.encode()
    if not ok:
        return AuthResult(
            success=False, handled=False,
            message="535 5.7.8 no, not with " + data.password.decode())
    return AuthResult(success=True, auth_data=data.login)


facts = {}
context = None
if options.starttls or options.tls:
    facts["ca"], context = certificate.make(options.names)
settings = {"enable_SMTPUTF8": True}
if options.starttls:
    settings.update(tls_context=context, require_starttls=True)
if options.login:
    settings.update(
        authenticator=authenticate, auth_required=True,
        auth_require_tls=options.starttls)


async def main():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(Handler(), loop=loop, **settings), "127.0.0.1", 0,
        ssl=context if options.tls else None)
    facts["port"] = server.sockets[0].getsockname()[1]
    print(json.dumps(facts), flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    certificate.clean()
    os._exit(0)


asyncio.run(main())
