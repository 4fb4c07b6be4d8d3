"""Gives a fixed value to whatever differs from run to run: times, durations, pids, ports, sizes, paths."""

import re
import socket

HOST = "shop-1"
DAY, CLOCK = "2026-11-20", "03:12:45"
FIRST, LAST = "03:10:06", "03:12:45"  # of "from ... to ..."


class Steady:
    """The fixed values of one stage's alerts; a pid has the same one in all of them."""

    def __init__(self, stage):
        self.pids = {}
        names = {socket.getfqdn(), socket.gethostname()} - {"localhost"}
        self.places = [(f"{stage.folder}/gcore", "/usr/bin/gcore"), (stage.folder, "/var/log"), (stage.site.url, "http://localhost:8080"),
                       (stage.refused, "http://localhost:8081"), (stage.services.url, "https://hooks.example.org")]
        # libcurl and the log of a check name the address.
        port = stage.refused.rsplit(":", 1)[1]
        self.places.append((f"127.0.0.1 port {port}", "localhost port 8081"))
        if stage.secure_site:
            self.places.append((stage.secure_site.url, "https://localhost:8443"))
        self.hosts = [re.compile(rf"(?<![\w.-]){re.escape(name)}(?![\w-])") for name in sorted(names, key=len, reverse=True)]
        self.listeners = [(listener.process, listener.tool) for listener in stage.listeners]

    def pid(self, number):
        return self.pids.setdefault(str(number), 4711 + len(self.pids))

    def text(self, text):
        for host in self.hosts:
            text = host.sub(HOST, text)
        for place, name in self.places:
            text = text.replace(place, name)
        for process, tool in self.listeners:
            text = text.replace(process, tool)
        # Any one of a group is restarted first.
        text = re.sub(r"(pool_|broken/)\d", r"\g<1>0", text)
        text = re.sub(r"\bpid (\d+)", lambda match: f"pid {self.pid(match[1])}", text)
        # crashsms puts it behind the name.
        text = re.sub(r"\]\((\d+)\)", lambda match: f"]({self.pid(match[1])})", text)
        return times(durations(sizes(text)))

    def value(self, value, key=None):
        """The same for a JSON document."""
        match value:
            case dict():
                return {name: self.value(member, name) for name, member in value.items()}
            case list():
                return [self.value(member, key) for member in value if not is_lateness(member)]
            case str():
                if value == LATE:
                    return None
                return NAMED.get(key) or self.text(value)
            case bool():
                return value
            case int() if key == "pid":
                return self.pid(value)
            case int() if key == "uptime":
                return 6
        return value


# The members of documents that differ as a whole.
NAMED = {"serial": "21", "poolserial": "9", "len": "67", "id": "1763608365.8c1f2a77", "cardId": "1763608365.8c1f2a77"}


def times(text):
    text = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", f"{DAY}T{CLOCK}.120Z", text)
    text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}", f"{DAY} {CLOCK},120", text)
    text = re.sub(r"\w{3} \w{3} +\d+ \d\d:\d\d:\d\d \d{4}", f"Fri Nov 20 {CLOCK} 2026", text)
    text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?!,)", f"{DAY} {CLOCK}", text)
    text = re.sub(rf"from {DAY} \S+ to {DAY} \S+", f"from {DAY} {FIRST},120 to {DAY} {LAST},120", text)
    text = re.sub(r"(\bdelay: )\d+( s, from \S+ \S+ to \S+) \S+", r"\g<1>12\2 03:10:18,120", text)
    text = re.sub(r"from \d\d:\d\d:\d\d to \d\d:\d\d:\d\d", f"from {FIRST} to {LAST}", text)
    text = re.sub(r"since \d\d:\d\d:\d\d", "since 03:10:01", text)
    text = re.sub(r"\b(before|attempt|until) \d\d:\d\d\b", r"\1 04:12", text)
    return re.sub(r"(\d+)\.[0-9a-f]{8,16}(?=[@\"]|$)", "1763608365.8c1f2a77", text)


def is_lateness(value):
    """Whether a part of a document says when a late alert occurred: the fast clock makes many late."""
    match value:
        case {"decoratedText": {"topLabel": "occurred at"}}:
            return True
    return False


# What a listener remarks on the lines of a log if the event came late.
LATE = "may include lines from the next process"


def durations(text):
    # On a busy machine an event seems to be late, because the clock runs fast.
    text = re.sub(r"^occurred at: .*\n", "", text, flags=re.MULTILINE)
    text = re.sub(r"has dropped \d+ events", "has dropped 4 events", text)
    text = re.sub(r"(\[\w+\]) \d+ times from", r"\g<1> 4 times from", text)
    text = re.sub(r"(core/\w+\.)\d+", r"\g<1>4711", text)
    text = re.sub(r"uptime: [\d a-z]+?$", "uptime: 6 s", text, flags=re.MULTILINE)
    text = re.sub(r"(\*uptime\*\n)[\d a-z]+", r"\g<1>6 s", text)
    # The HTML part.
    text = re.sub(r"(uptime</th><td[^>]*>)[^<]+", r"\g<1>6 s", text)
    text = re.sub(r"downtime: [\d a-z]+,", "downtime: 2 min 39 s,", text)
    text = re.sub(r"^duration: [\d a-z]+,", "duration: 2 min 39 s,", text, flags=re.MULTILINE)
    text = re.sub(r"recovered after \d+ \w+", "recovered after 2 min", text)
    text = re.sub(r"(times?|time) in \d+ (s|min|h)\b", r"\1 in 5 min", text)
    text = re.sub(r"((?:HTTP|got:)[^\n\"<|]*?after )[\d.]+ m?s\b(?! with)", r"\g<1>21 ms", text)
    text = re.sub(r"after \d+ milliseconds", "after 2001 milliseconds", text)
    text = re.sub(r"received, after [\d.]+ m?s", "received, after 2 s", text)
    text = re.sub(r"\bafter [\d.]+ ms\b", "after 21 ms", text)
    text = re.sub(r"(?<!received, )\bafter (\d+ min )?[\d.]+ s\b", "after 6 s", text)
    text = re.sub(r"responded after 6 s|responded after 21 ms", "responded after 413 ms", text)
    text = re.sub(r"failures: \d+", "failures: 2", text)
    # On a busy machine the next process is seen to run.
    text = text.replace(f" ({LATE})", "")
    text = re.sub(r"expires in [\da-z ]+", "expires in 4 d 23 h", text)
    text = re.sub(r"starting it in \d+ s", "starting it in 57 s", text)
    return re.sub(r"OOM killer: unknown: .*", "OOM killer: has killed nothing in supervisord's cgroup since 03:10:01", text)


# The lines of memmon's chart, of which there is one for each tick.
CHART = re.compile(r"over the last \d+ ticks(.*):\n(?:  \d\d:\d\d:\d\d +[\d.]+ MB #+\n)*  \d\d:\d\d:\d\d +[\d.]+ MB #+( over)?")
ROWS = re.compile(r"over the last \d+ ticks(.*):(</h2>\n<table[^>]*>\n)(?:<tr>.*</tr>\n)*"
                  r"<tr>(.*)\d\d:\d\d:\d\d [\d.]+ MB(.*)width:\d+px(.*)</tr>\n")
TICKS = [("03:12:35", "35.9", 16), ("03:12:40", "35.9", 16), ("03:12:45", "88.4", 40)]


def chart(match):
    lines = "\n".join(f"  {time}    {size} MB {'#' * width}" for time, size, width in TICKS)
    return f"over the last 3 ticks{match[1]}:\n{lines}{match[2] or ''}"


def rows(match):
    lines = "".join(f"<tr>{match[3]}{time} {size} MB{match[4]}width:{width * 6}px{match[5]}</tr>\n"
                    for time, size, width in TICKS[-1:])
    return f"over the last 3 ticks{match[1]}:{match[2]}{lines}"


def sizes(text):
    # Limits do not differ.
    text = re.sub(r"(limit(?: of the group| is)? |over |of )?( *)(\d+\.\d) MB",
                  lambda match: match[0] if match[1] else f"{' ' * min(len(match[2]), 4)}88.4 MB", text)
    text = re.sub(r"(group(?: \w+)? )88.4 MB", r"\g<1>96.6 MB", text)
    text = CHART.sub(chart, text)
    text = ROWS.sub(rows, text)
    return re.sub(r"\(\d{7,9}( bytes|\))|(RSS )\d{7,9}", lambda match: f"(92694118{match[1]}" if match[1] else f"{match[2]}92694118", text)
