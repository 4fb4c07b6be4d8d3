"""Writes docs/alerts.md: what the scenes' listeners have sent, with fixed values for whatever differs."""

import json
import textwrap

from stage import TEMPLATES, number  # ours, beside this file
from steady import Steady

# The services of docs/templates, in words.
SERVICES = {"dingtalk": "DingTalk", "discord": "Discord", "feishu": "Feishu", "googlechat": "Google Chat",
            "ntfy": "ntfy", "opsgenie": "Opsgenie", "teams": "Microsoft Teams", "telegram": "Telegram", "wecom": "WeCom"}
# They get one text: a crash shows enough.
TEXTS = {"dingtalk", "feishu", "telegram", "wecom"}
WIDTH = 118
CHANNELS = [("slack", "Slack"), ("pagerduty", "PagerDuty"), ("alertmanager", "Alertmanager"), ("webhook", "Webhook")]

INTRODUCTION = """\
# Alerts

This page shows every alert of every tool, as it is sent. `scripts/alert-page` runs the tools under a real supervisord
with programs that crash, hang and leak, and writes the page from what arrives. The tests fail if the page differs from
what is sent. Times, durations, pids, sizes, ports and paths are replaced by fixed values, which do not always match.

By default, a mail has the subject and the first line of Python's superlance. All other channels begin with the
[headline](explanation.md#headline) in the table below, as do mails with `--subject '{headline}'`. The column *now* is
the [state of the process](explanation.md#state-after-a-crash) when the alert is sent.

- Mails of {tools}
- What each channel gets: {channels}
"""


class Shown:
    """An alert of a scene, and what each channel got, all in fixed values."""

    def __init__(self, stage, alert, steady):
        self.alert, self.tool, self.title = alert, alert.tool, alert.title
        self.stage, self.steady = stage, steady
        self.mail = alert.find(stage)
        self.documents = stage.document(self.mail, alert.listener)
        # Pids get their values in the order of reading.
        steady.text(self.mail.body)

    @property
    def heading(self):
        return f"{self.tool}: {self.words}"

    @property
    def words(self):
        """The title within a sentence."""
        return self.title if self.title[1].isupper() else self.title[0].lower() + self.title[1:]

    @property
    def anchor(self):
        name = "".join(letter for letter in self.heading.lower() if letter.isalnum() or letter in " -_")
        return name.replace(" ", "-")

    @property
    def raw_headline(self):
        """The headline as it was sent."""
        if len(self.documents) == 1:
            return self.documents[0]["headline"]
        for post in self.stage.posts_of(self.alert.listener, "slack"):
            headline = post["text"].split("\n")[0].strip("*")
            if all(document["headline"].split("] ")[1].split(" ")[0] in post["text"] for document in self.documents):
                return headline
        return self.mail.subject

    @property
    def headline(self):
        return self.steady.text(self.raw_headline) if self.documents else self.steady.text(self.mail.subject)

    def member(self, name):
        values = {self.steady.text(document[name] or "") for document in self.documents}
        return values.pop() if len(values) == 1 else ""

    def post(self, channel):
        """The request of a channel that has this alert."""
        for post in self.stage.posts_of(self.alert.listener, channel):
            if channel == "webhook":
                if number((post if isinstance(post, dict) else post[0])["id"]) == self.mail.identity:
                    return post
            elif self.raw_headline in json.dumps(post, ensure_ascii=False):
                return post
            elif channel == "pagerduty" and post["event_action"] == "resolve" and self.documents[0]["is_recovered"]:
                return post
        return None


def laid_out(value, indent=0):
    """JSON in lines: what fits into a line is in one."""
    line = json.dumps(value, ensure_ascii=False)
    if indent + len(line) < WIDTH or not isinstance(value, (dict, list)) or not value:
        return line
    space = " " * (indent + 2)
    if isinstance(value, dict):
        parts = [f"{json.dumps(name)}: {laid_out(member, indent + 2)}" for name, member in value.items()]
    else:
        parts = [laid_out(member, indent + 2) for member in value]
    left, right = "{}" if isinstance(value, dict) else "[]"
    return f"{left}\n{space}" + f",\n{space}".join(parts) + f"\n{' ' * indent}{right}"


def fixed(value):
    return f"```json\n{laid_out(value)}\n```"


def wrapped(text):
    """A paragraph in lines of the usual length; links stay whole."""
    return "\n".join("\n".join(textwrap.wrap(line, 120, break_long_words=False, break_on_hyphens=False,
                                             subsequent_indent="  " if line.startswith("- ") else ""))
                     for line in text.split("\n"))


def block(text):
    return f"```text\n{text}\n```"


def shortened(alert, body):
    """The text without what is repeated for each of many processes."""
    if alert.most is None:
        return body
    parts = body.split("\n\n")
    kept = parts[:alert.most]
    return "\n\n".join([*kept, f"[{alert.rest}]"])


def cell(text):
    return text.replace("|", "\\|").replace("<", "\\<").replace("*", "\\*").replace("_", "\\_") if text else ""


def table(shown):
    rows = ["| tool | alert | headline | now | severity |", "|---|---|---|---|---|"]
    for one in shown:
        state, severity = one.member("state"), one.member("severity")
        rows.append(f"| {one.tool} | [{one.title}](#{one.anchor}) | {cell(one.headline)} | {cell(state)} | {severity} |")
    return "\n".join(rows)


def mail(one, has_headers):
    steady = one.steady
    lines = []
    if has_headers:
        for name, value in one.mail.message.items():
            value = " ".join(str(value).split())
            if name == "Date":
                value = "Fri, 20 Nov 2026 03:12:45 +0000"
            if name == "Content-Type":
                value = value.split(";")[0]
            lines.append(f"{name}: {steady.text(value)}")
    elif one.mail.subject:
        lines.append(f"Subject: {steady.text(one.mail.subject)}")
    body = shortened(one.alert, steady.text(one.mail.body))
    command = steady.text(one.stage.fill(one.command)) if one.command else ""
    note = [wrapped(one.alert.note)] if one.alert.note else []
    return "\n\n".join([f"### {one.heading}", *note, f"`{command}`", block("\n".join([*lines, *([""] if lines else []), body]))])


def kinds(shown):
    """What each channel makes of each kind of alert."""
    rows = ["| kind | severity | Slack | PagerDuty | Alertmanager | such as |", "|---|---|---|---|---|---|"]
    seen = {}
    for one in shown:
        if len(one.documents) == 1 and one.documents[0]["kind"] not in seen:
            seen[one.documents[0]["kind"]] = one
    for kind, one in seen.items():
        slack, pagerduty, alertmanager = (one.post(channel) for channel in ("slack", "pagerduty", "alertmanager"))
        color = slack["attachments"][0]["color"] if slack else ""
        action = f"`{pagerduty['event_action']}`" if pagerduty else ""
        name = f"`{alertmanager[0]['labels']['alertname']}`" if alertmanager else ""
        rows.append(f"| `{kind}` | {one.documents[0]['severity']} | {COLORS.get(color, color)} | {action} | {name} "
                    f"| [{one.words}](#{one.anchor}) |")
    return "\n".join(rows)


COLORS = {"#c62828": "red", "#ef8f00": "orange", "#2e7d32": "green"}


def folded(title, text):
    return f"<details><summary>{title}</summary>\n\n{text}\n\n</details>"


def channels(shown):
    samples = [one for one in shown if one.alert.sample]
    samples.sort(key=lambda one: ["crash", "restart", "recovery"].index(one.alert.sample))
    parts = ["## Channels", "Each channel gets the same alerts. What depends on the kind of alert:", kinds(shown),
             "In full, a crash, a restart and a recovery on each channel:"]
    parts += ["### HTML", "The HTML part of a mail with `--html`. Mail programs show it instead of the text."]
    for one in samples:
        parts.append(folded(one.heading, block(one.steady.text(one.mail.html).rstrip("\n"))))
    for channel, name in CHANNELS:
        parts.append(f"### {name}")
        for one in samples:
            post = one.post(channel)
            if post is not None:
                text = fixed(one.steady.value(post))
                parts.append(text if channel == "webhook" and one is samples[0] else folded(one.heading, text))
    parts += ["### Templates",
              wrapped("What the [templates](webhook.md#templates) make of the same alerts. Those for DingTalk, Feishu,"
                      " Telegram and WeCom send the same text as that for ntfy.")]
    for template in TEMPLATES:
        parts.append(f"#### {SERVICES[template]}")
        for one in samples[:1] if template in TEXTS else samples:
            rendered = one.stage.rendered[one.alert.kept][template]
            parts.append(folded(one.heading, fixed(one.steady.value(rendered))))
    return "\n\n".join(parts)


def page(stages):
    shown = []
    for stage in stages:
        steady = Steady(stage)
        commands = {listener.name: listener.command for listener in stage.listeners}
        for alert in stage.alerts:
            one = Shown(stage, alert, steady)
            one.command = commands.get(alert.listener, alert.command)
            shown.append(one)
    tools = list(dict.fromkeys(one.tool for one in shown))
    shown.sort(key=lambda one: tools.index(one.tool))
    links = ", ".join(f"[{tool}](#{tool})" for tool in tools)
    names = ", ".join(f"[{name}](#{name.lower()})" for name in ["HTML", *(name for _, name in CHANNELS), "Templates"])
    introduction = INTRODUCTION.rstrip("\n").replace("{tools}", links).replace("{channels}", names)
    parts = [wrapped(introduction), "## All alerts", table(shown)]
    for tool in tools:
        parts.append(f"## {tool}")
        parts += [mail(one, one is shown[0]) for one in shown if one.tool == tool]
    parts.append(channels(shown))
    return "\n\n".join(parts) + "\n"
