"""What mails and webhooks tell of: a mark for each alert, different for each."""

import email
import email.policy
import json
import re

PID = re.compile(r"\(pid (\d+)\)")
LINES = {
    "fatal": re.compile(r"(\S+ \S+) -- Process (\S+) failed to start too many times"),
    "recovery": re.compile(
        r"^Process (\S+) has been RUNNING for a minute\n\n(?:.+\n)*\ndowntime: .* to (\S+ \S+)$", re.MULTILINE),
    "memory": re.compile(r"restarted the process named (\S+) at (.+) because"),
    # These bear no time of their own; each is the subject of its alert.
    "unhealthy": re.compile(r"^(?:\d+\. )?httpok: \S+: bad status returned$", re.MULTILINE),
    "healthy": re.compile(r"^\S+ is healthy again$", re.MULTILINE),
}


def in_mail(data):
    """Who got a mail, and the marks of what it tells."""
    mail = email.message_from_bytes(data, policy=email.policy.default)
    body = mail.get_content().replace("\r\n", "\n")
    text = f"{mail['Subject'] or ''}\n\n{body}"
    marks = {("crash", pid) for pid in PID.findall(text)}
    for kind, pattern in LINES.items():
        for match in pattern.finditer(text):
            marks.add((kind, *(match.groups() or (mail["Message-ID"], match.start()))))
    recipient = mail["To"].partition("@")[0]
    if recipient == "crashsms":
        marks = {("crash", mail["Message-ID"], number) for number in range(count_in_text_message(body))}
    return recipient, marks


def count_in_text_message(text):
    """Of how many crashes a text message tells: of those for which it has no room it gives the number."""
    *lines, last = text.rstrip("\n").split("\n")
    more = re.fullmatch(r"\+(\d+) more", last)
    return len(lines) + (int(more[1]) if more else 1)


def in_webhook(data):
    """The marks of what a request tells."""
    found = json.loads(data)
    marks = set()
    for alert in found if isinstance(found, list) else [found]:
        message, process = alert["message"], (alert["process"] or {}).get("name")
        match alert["kind"]:
            case "exited":
                marks |= {("crash", pid) for pid in re.findall(r"\((?:pid )?(\d+)\)", message)}
            case "recovered":
                marks.add(("recovery" if process else "healthy", process, alert["time"]))
            case kind:
                marks.add((kind, process, alert["time"]))
    return marks
