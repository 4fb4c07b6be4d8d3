"""Reads messages as a mail program would: a JSON list of the files named as arguments."""

import email
import email.policy
import json
import sys


def parsed(raw):
    message = email.message_from_bytes(raw, policy=email.policy.default)
    alternatives = [part.get_content_type() for part in message.iter_parts()] if message.is_multipart() else []
    try:
        body = (message.get_body(("plain",)) or message).get_content()
    except (KeyError, LookupError) as error:
        body = f"unreadable: {error}"
    return {
        "headers": [[name, str(value)] for name, value in message.items()],
        "body": body.replace("\r\n", "\n") if isinstance(body, str) else repr(body),
        "contentType": message.get_content_type(),
        "alternatives": alternatives,
        "charset": message.get_content_charset(),
        "defects": [type(defect).__name__ for defect in message.defects]
        + [type(defect).__name__ for value in message.values() for defect in value.defects],
    }


if __name__ == "__main__":
    messages = []
    for path in sys.argv[1:]:
        with open(path, "rb") as file:
            messages.append(parsed(file.read()))
    json.dump(messages, sys.stdout)
