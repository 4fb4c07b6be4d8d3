"""The demo's mailbox: a sendmail command and an SMTP server, both of which put messages into one folder."""

import asyncio
import os
import threading

SENDMAIL = """#!/bin/sh
cat > "{0}/mail/$$.part" && mv "{0}/mail/$$.part" "{0}/mail/$$.sendmail"
"""


def open_mailbox(folder):
    """Makes the sendmail command, starts the SMTP server and returns its port."""
    os.mkdir(f"{folder}/mail")
    descriptor = os.open(f"{folder}/sendmail", os.O_WRONLY | os.O_CREAT, 0o755)
    os.write(descriptor, SENDMAIL.format(folder).encode())
    os.close(descriptor)
    port = []
    started = threading.Event()

    async def serve():
        server = await asyncio.start_server(SMTPSession(folder).run, "127.0.0.1", 0)
        port.append(server.sockets[0].getsockname()[1])
        started.set()
        await server.serve_forever()

    threading.Thread(target=lambda: asyncio.run(serve()), daemon=True).start()
    started.wait()
    return port[0]


class SMTPSession:
    """As much of RFC 5321 as it takes to be handed a message."""

    count = 0

    def __init__(self, folder):
        self.folder = folder

    async def run(self, reader, writer):
        async def answer(words):
            writer.write(words.encode() + b"\r\n")
            await writer.drain()

        await answer("220 demo ESMTP")
        while line := await reader.readline():
            match line[:4].upper():
                case b"EHLO" | b"HELO":
                    await answer("250 demo")
                case b"MAIL" | b"RCPT" | b"RSET" | b"NOOP":
                    await answer("250 OK")
                case b"DATA":
                    await answer("354 go on")
                    self.keep(await self.message(reader))
                    await answer("250 kept")
                case b"QUIT":
                    await answer("221 bye")
                    break
                case _:
                    await answer("502 not here")
        writer.close()

    async def message(self, reader):
        lines = []
        while (line := await reader.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines)

    def keep(self, message):
        SMTPSession.count += 1
        path = f"{self.folder}/mail/{SMTPSession.count}"
        with open(f"{path}.part", "wb") as file:
            file.write(message)
        os.rename(f"{path}.part", f"{path}.smtp")
