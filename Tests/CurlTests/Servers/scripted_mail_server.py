"""A mail server that says what it is told to: its argument maps a command to a reply in JSON.

The commands are GREETING, EHLO, HELO, AUTH, STARTTLS, MAIL, RCPT, DATA, MESSAGE, QUIT; a list gives
one reply after the other; "AUTH PLAIN" stands for AUTH with that mechanism. The reply STALL is
silence, CLOSE ends the connection, and text before either is sent first; the text after SLOW
comes a second later. A 334 to AUTH is followed by 334s until the login is over, then by a 235. Every connection's commands are printed as a line of JSON when it ends.
"""
import json
import os
import socket
import sys
import threading
import time

script = {
    "GREETING": "220 here", "EHLO": "250 here", "HELO": "250 here", "MAIL": "250 ok",
    "RCPT": "250 ok", "DATA": "354 go on", "MESSAGE": "250 taken", "QUIT": "221 bye",
    "AUTH": "235 welcome", "STARTTLS": "502 what",
}
script.update(json.loads(sys.argv[1]))

# Several connections may end at once.
printing = threading.Lock()


class End(Exception):
    pass


def serve(connection):
    seen = []
    places = {}
    stream = connection.makefile("rb")

    def reply(verb):
        text = script.get(verb, script.get(verb.split()[0], "502 what"))
        if isinstance(text, list):
            place = places.get(verb, 0)
            places[verb] = place + 1
            text = text[min(place, len(text) - 1)]
        if text.startswith("SLOW"):
            time.sleep(1)
            text = text[len("SLOW"):]
        for word in ("STALL", "CLOSE"):
            if text.endswith(word):
                connection.sendall(text[:-len(word)].encode())
                if word == "STALL":
                    time.sleep(60)
                raise End()
        connection.sendall(text.replace("\n", "\r\n").encode() + b"\r\n")
        return text

    try:
        reply("GREETING")
        while True:
            line = stream.readline()
            if not line:
                break
            words = line.decode().upper().split()
            verb = words[0]
            if verb == "AUTH":
                verb = " ".join(words[:2])
            seen.append(verb)
            text = reply(verb)
            if verb.startswith("AUTH") and text.startswith("334"):
                for challenge in ("334 ", "235 welcome") if "LOGIN" in verb else ("235 welcome",):
                    stream.readline()
                    connection.sendall(challenge.encode() + b"\r\n")
            if verb == "DATA" and text.startswith("354"):
                while True:
                    line = stream.readline()
                    if not line or line == b".\r\n":
                        break
                if line:
                    seen.append("MESSAGE")
                    reply("MESSAGE")
            if verb == "QUIT":
                break
    except (End, OSError):
        pass
    with printing:
        print(json.dumps(seen), flush=True)
    stream.close()
    connection.close()


def accept():
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection,), daemon=True).start()


listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen(16)
print(json.dumps({"port": listener.getsockname()[1]}), flush=True)
threading.Thread(target=accept, daemon=True).start()
sys.stdin.read()
os._exit(0)
