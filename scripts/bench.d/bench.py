"""Measures two sets of listeners in turn: bench.py OURS SUPERLANCE [--quick] [--write] [SECTION...]"""

import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from household import PROCESS, TOOLS, Household, idle_arguments
from plot import svg
from explained import EXPLAINED, LASTING, PROGRAMS, explained
from processes import Listener, Server, Sleepers, Trouble, adopt_orphans, end_all
from storm import CRASHES, SECONDS, storm
from table import Goal, Table, median

SIDES = [os.path.abspath(folder) for folder in sys.argv[1:3]]
OURS, THEIRS = range(2)
QUICK = "--quick" in sys.argv
WRITE = "--write" in sys.argv
NOWHERE = "unix:///nonexistent"


def say(words):
    print(f"bench: {words}", file=sys.stderr, flush=True)


def in_turn(runs, measure):
    """What measure(side) finds for each side, A B A B."""
    found = ([], [])
    for _ in range(runs):
        for side in (OURS, THEIRS):
            found[side].append(measure(side))
    return found


def column(found, position):
    """The medians of one of the figures that each measurement has found."""
    return [median([run[position] for run in found[side]]) for side in (OURS, THEIRS)]


def start(side, tool, *arguments, url=NOWHERE):
    return Listener(tool, [f"{SIDES[side]}/{tool}", *arguments], url)


# Sections


def ready(_):
    runs = 5 if QUICK else 21
    table = Table("Time to READY", f"""
        Time from the start of the process to the line READY on its output, with all files in the page cache. Median of
        {runs} starts.""")
    everything = ([], [])
    for tool in TOOLS:
        def measure(side, tool=tool):
            listener = start(side, tool, *idle_arguments(tool))
            listener.end()
            return listener.time_to_ready

        in_turn(1, measure)  # so that what follows finds its files in memory
        found = in_turn(runs, measure)
        table.row(tool, median(found[OURS]), median(found[THEIRS]), "ms", Goal.at_most(10))
        for side in (OURS, THEIRS):
            everything[side].extend(found[side])
    table.row("all six", median(everything[OURS]), median(everything[THEIRS]), "ms", Goal.under(0.003, "ms"))
    return table


def memory(folder):
    runs, events = (1, 500) if QUICK else (5, 5000)
    table = Table("Memory", f"""
        The six listeners of one side run together. Each receives seven ticks and delivers one mail, three through a
        sendmail command and three by SMTP. The figures are from /proc/PID/smaps_rollup: RSS, the resident set; PSS, the
        proportional set, in which a page that n processes map counts 1/n (libraries are shared with other programs,
        Python with the benchmark itself); and anonymous memory, which no other process shares. Ours are one program with
        six names; "as six files" is that program copied six times. All are idle: a second after their last work ours
        unmap their code; "at work" is before that. "Later" is after {events:,} further events for each.
        Median of {runs} runs.""")
    supervisord, sleepers = Server("supervisord", f"{folder}/memory.sock"), Sleepers()
    processes = sleepers.grow(10)

    def household(side, mail, tools=TOOLS):
        def begin(tool, arguments, url):
            return start(side, tool, *arguments, url=url)

        return Household(begin, mail, supervisord, processes, tools)

    def measure(side, tools=TOOLS, events=events):
        with tempfile.TemporaryDirectory(dir=folder) as mail:
            home = household(side, mail, tools)
            home.live()
            busy = home.memory(0.2)
            found = home.memory(1.5)
            for listener in home.listeners:
                for _ in range(events):
                    listener.ask("PROCESS_STATE_RUNNING", f"{PROCESS} pid:4711")
            later = home.memory(1.5)
            home.end()
        return found, later, busy

    found = in_turn(runs, measure)
    alone = in_turn(runs, lambda side: measure(side, ["crashmail"], 0))
    copies = [measure(copied(folder), events=0) for _ in range(runs)]

    def both(reduce, when=0, found=found):
        return [median([reduce(run[when]) for run in found[side]]) for side in (OURS, THEIRS)]

    def together(kind):
        return lambda tools: sum(tool[kind] for tool in tools.values())

    table.row("six together, anonymous", *both(together("Anonymous")), "MiB", Goal.at_most(10))
    table.row("six together, PSS", *both(together("Pss")), "MiB", Goal.under(9 * 1048576, "MiB"))
    table.row("six together, PSS, at work", *both(together("Pss"), 2), "MiB")
    table.row("six together, RSS", *both(together("Rss")), "MiB")
    table.row(
        "largest RSS", *both(lambda tools: max(tool["Rss"] for tool in tools.values())), "MiB",
        Goal.under(12 * 1048576, "MiB"))
    for tool in TOOLS:
        for kind, words in (("Anonymous", "anonymous"), ("Pss", "PSS"), ("Rss", "RSS")):
            table.row(f"{tool}, {words}", *both(lambda tools, t=tool, k=kind: tools[t][k]), "MiB")
    table.row(f"six together, anonymous, {events:,} events later", *both(together("Anonymous"), 1), "MiB")
    table.row("crashmail alone, PSS", *both(together("Pss"), found=alone), "MiB")
    table.row("six together as six files, PSS", median([together("Pss")(run[0]) for run in copies]), None, "MiB")
    supervisord.end()
    sleepers.end()
    return table


def copied(folder):
    """Another side: our program, but as a file for each tool, as linking each by itself would make them."""
    place = f"{folder}/copies"
    if place not in SIDES:
        os.mkdir(place)
        for tool in TOOLS:
            shutil.copy(f"{SIDES[OURS]}/{tool}", place)
        SIDES.append(place)
    return SIDES.index(place)


def cpu(_):
    runs, events = (1, 1000) if QUICK else (5, 5000)
    table = Table("CPU per event", f"""
        User and system time of the listener and its children for {events:,} events, answered one after the other, from
        /proc/PID/schedstat and stat. Listener and benchmark share one processor, because waking a second processor of a
        virtual machine can cost more CPU time than the events. The crash mailed through sendmail is measured over
        {events // 20:,} events, with `cat >/dev/null` as sendmail. The last row is cat, which reads each event and writes
        it back: the cost of the system calls alone. Median of {runs} runs.""")
    kinds = [
        ("crashmail, an ignored event", "crashmail", "PROCESS_STATE_RUNNING", f"{PROCESS} pid:4711"),
        ("crashmail, an expected exit", "crashmail", "PROCESS_STATE_EXITED", f"{PROCESS} expected:1 pid:4711"),
        ("memmon, an ignored event", "memmon", "PROCESS_STATE_RUNNING", f"{PROCESS} pid:4711"),
        ("crashmailbatch, a tick", "crashmailbatch", "TICK_60", "when:1795212000"),
        ("crashsms, a tick", "crashsms", "TICK_60", "when:1795212000"),
        ("crashmail, a crash mailed through sendmail", "crashmail", "PROCESS_STATE_EXITED",
         f"{PROCESS} expected:0 pid:4711"),
        (
            "crashmailbatch, a crash collected", "crashmailbatch", "PROCESS_STATE_EXITED",
            f"{PROCESS} expected:0 pid:4711",
        ),
    ]
    processors = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(processors)})
    for name, tool, event, payload in kinds:
        count = events // 20 if "mailed" in name else events

        def measure(side, tool=tool, event=event, payload=payload, count=count):
            listener = start(side, tool, *idle_arguments(tool))
            listener.ask(event, payload)
            before = listener.cpu()
            for _ in range(count):
                listener.ask(event, payload)
                while count < events and listener.children():
                    time.sleep(0.001)
            spent = listener.cpu() - before
            listener.end()
            return spent / count

        found = in_turn(runs, measure)
        table.row(name, median(found[OURS]), median(found[THEIRS]), "µs", Goal.at_most(2))
    table.row("cat, the same for both", *[median([cat(events) for _ in range(runs)])] * 2, "µs")
    os.sched_setaffinity(0, processors)
    return table


def cat(events):
    """The CPU that the system calls of an event take."""
    with subprocess.Popen(["/bin/cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        def own():
            with open(f"/proc/{process.pid}/schedstat", encoding="ascii") as file:
                return int(file.read().split()[0]) / 1e9

        def turn():
            os.write(process.stdin.fileno(), b"x" * 150)
            os.read(process.stdout.fileno(), 150)

        turn()
        before = own()
        for _ in range(events):
            turn()
        return (own() - before) / events


def memmon(folder):
    counts = [10, 100] if QUICK else [10, 100, 1000]
    table = Table("A tick of memmon", """
        Real `sleep` processes, listed by a supervisord that responds immediately. The time is measured from
        the tick to the last line "RSS of" on standard error. The CPU is user and system time of memmon and its children,
        including ps for superlance, minus that of a start without ticks. Median of 5 runs of 5 ticks; for superlance, of
        3 runs of one tick for more than 100 processes, and a single tick for 1,000. In the row with PSS, ten processes
        of 30 MB exceed the limit, so that their smaps_rollup is read.""")
    curves = {name + words: [] for name in ("ours", "superlance") for words in ("", " with -c")}
    supervisord, sleepers = Server("supervisord", f"{folder}/memmon.sock"), Sleepers()

    def ticks(side, arguments, count, number):
        listener = start(side, "memmon", *arguments, url=f"unix://{supervisord.address}")
        times = []
        for _ in range(number):
            listener.told = b""
            begin = listener.send("TICK_60", "when:1795212000")
            listener.wait(lambda: listener.told.count(b"\n") > count, "does not tell all RSS")
            times.append(time.monotonic() - begin)
            if listener.told.count(b"SS of ") != count:  # RSS or PSS
                raise Trouble(f"memmon has not looked at all: {listener.told[-300:]}")
            listener.wait(lambda: listener.said.endswith(b"READY\n"), "does not answer")
            while listener.children():
                time.sleep(0.005)
        return median(times), listener.end()

    for count in counts:
        supervisord.set(sleepers.grow(count))
        time.sleep(1)  # for the newest of them to be asleep
        for option, words in ((["-a", "1GB"], ""), (["-c", "-a", "1GB"], " with -c")):
            say(f"memmon over {count:,} processes{words}")

            def measure(side, option=option, count=count):
                number = 5 if side == OURS or count <= 10 else 1
                elapsed, used = ticks(side, option, count, number)
                return elapsed, (used - ticks(side, option, count, 0)[1]) / number

            runs = {10: 5, 100: 3, 1000: 1}[count]
            found = in_turn(1 if QUICK else runs, measure)
            if count == 1000:
                found[OURS].extend(measure(OURS) for _ in range(4))
            limits = {
                (1000, "time"): 0.1 if words else 0.06, (10, "CPU"): 0.002 if option == ["-a", "1GB"] else None,
            }
            for position, what in enumerate(("time", "CPU")):
                table.row(
                    f"{count:,} processes{words}, {what}",
                    *column(found, position), "ms",
                    *(Goal.under(limit, "ms") for limit in [limits.get((count, what))] if limit))
            for name, seconds in zip(("ours", "superlance"), column(found, 0)):
                curves[name + words].append((count, seconds * 1000))
    if not QUICK:
        say("memmon over 1,000 processes by PSS")
        supervisord.set(sleepers.grow(990)[:990] + sleepers.grow_large(10))
        time.sleep(3)  # for the large ones to hold what they shall hold
        arguments = ["-a", "15MB", "--measure", "pss", "--action", "alert"]
        elapsed = [ticks(OURS, arguments, 1000, 5)[0] for _ in range(5)]
        table.row(
            "1,000 processes by PSS, ten over the limit, time", median(elapsed), None, "ms", Goal.under(0.06, "ms"))
    supervisord.end()
    sleepers.end()
    table.plot = svg(table.title, "processes", "milliseconds", curves)
    return table


def httpok(folder):
    runs, number = (1, 20) if QUICK else (5, 50)
    table = Table("A tick of httpok", f"""
        A check of a URL on the loopback interface that responds immediately: the time from the tick to the end of the
        response, and to the RESULT, which superlance sends after the check and ours before. The CPU is user and system
        time of httpok and its children, minus that of a start without ticks. Median of {runs} runs of {number} ticks.
        A hundred URLs are those of one server in Python; the time is that to the end of the last response, and the
        memory the most that the listener or its worker has had resident.""")
    supervisord, sleepers, site = Server("supervisord", f"{folder}/httpok.sock"), Sleepers(), Server("site")
    supervisord.set(sleepers.grow(10))

    def spent(side, count):
        listener = start(
            side, "httpok", *idle_arguments("httpok", site=site.address), url=f"unix://{supervisord.address}")
        served, answered = [], []
        for _ in range(count):
            begin = listener.send("TICK_60", "when:1795212000")
            listener.wait(lambda: listener.said.endswith(b"READY\n"), "does not answer")
            answered.append(time.monotonic() - begin)
            served.append(float(site.event()) - begin)
            while listener.children():
                time.sleep(0.001)
        return median(served), median(answered), listener.end()

    def measure(side):
        served, answered, used = spent(side, number)
        return served, answered, (used - spent(side, 0)[2]) / number

    found = in_turn(runs, measure)
    for position, words in enumerate(("tick to the response", "tick to RESULT", "CPU of a tick")):
        goals = [Goal.under(0.0003, "ms")] if words == "tick to RESULT" else []
        table.row(words, *column(found, position), "ms", *goals)
    elapsed, peaks = [], []
    for _ in range(runs):
        urls = [f"http://{site.address}/{number}" for number in range(100)]
        listener = start(OURS, "httpok", "-a", *urls, url=f"unix://{supervisord.address}")
        begin = listener.send("TICK_60", "when:1795212000")
        elapsed.append(max(float(site.event()) for _ in urls) - begin)
        listener.wait(lambda: listener.said.endswith(b"READY\n"), "does not answer")
        while listener.children():
            time.sleep(0.001)
        listener.end()
        peaks.append(listener.peak)
    table.row("a hundred URLs, tick to the last response", median(elapsed), None, "ms", Goal.under(0.5, "ms"))
    table.row("a hundred URLs, memory", median(peaks), None, "MiB", Goal.under(32 << 20, "MiB"))
    for server in (supervisord, sleepers, site):
        server.end()
    return table


def crashes(folder):
    runs = 1 if QUICK else 3
    table = Table("Explained crashes", f"""
        {EXPLAINED} of {PROGRAMS:,} programs of a real supervisord 4.3.0 crash within {LASTING} s. The CPU is user and system
        time of crashmail and its children for each crash, with `cat` as sendmail; below it are the number of
        crashes that are mailed, and of mails with the exit status. Median of {runs} runs.""")

    def measure(side):
        with tempfile.TemporaryDirectory(dir=folder) as place:
            return explained(f"{SIDES[THEIRS]}/supervisord", f"{SIDES[side]}/crashmail", place)

    found = in_turn(runs, measure)
    table.row("CPU of a crash", *column(found, 0), "ms", Goal.under(0.002, "ms"))
    table.row(
        f"mailed, of {EXPLAINED}", *column(found, 1), "", Goal("all", lambda ours, theirs: ours == EXPLAINED))
    table.row(f"with the exit status, of {EXPLAINED}", *column(found, 2), "", Goal("all", lambda ours, theirs: ours == EXPLAINED))
    return table


def crash_storm(folder):
    runs = 1 if QUICK else 3
    table = Table("The crash storm", f"""
        {CRASHES} programs of a real supervisord 4.3.0 crash within {SECONDS} s. crashmail has buffer_size=40 and a sendmail
        command that takes 0.3 s. The figures are the number of programs that a mail reports, and the time from the last
        crash to the last mail. Median of {runs} runs.""")

    def measure(side):
        with tempfile.TemporaryDirectory(dir=folder) as place:
            return storm(f"{SIDES[THEIRS]}/supervisord", f"{SIDES[side]}/crashmail", place)

    found = in_turn(runs, measure)
    for position, (words, unit) in enumerate(((f"reported, of {CRASHES}", ""), ("last mail after the last crash", "ms"))):
        goals = [] if position else [Goal("none lost", lambda ours, theirs: ours == CRASHES)]
        table.row(words, *column(found, position), unit, *goals)
    return table


SECTIONS = {
    "ready": ready, "memory": memory, "cpu": cpu, "memmon": memmon, "httpok": httpok, "crashes": crashes,
    "storm": crash_storm,
}


def output(*command):
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def document(tables):
    swift = output("swift", "--version").splitlines()
    return "\n".join([
        "# Benchmarks\n",
        "Written by `scripts/bench --write`. \"Ours\" is the release build with the Swift library linked statically.",
        "\"superlance\" is superlance 2.0.0 with supervisor 4.3.0, both from PyPI, measured alternately in the same run. The",
        "figures depend on the machine; compare the first column, which is ours divided by superlance's.\n",
        f"{os.cpu_count()} processors ({platform.machine()}), Linux {platform.release().split('-')[0]}, "
        f"Python {output(f'{SIDES[THEIRS]}/python', '--version').split()[-1]}, {swift[0] if swift else 'Swift'}; "
        f"{time.strftime('%Y-%m-%d', time.gmtime())}.\n",
        *(table.markdown() for table in tables),
    ])


def main():
    wanted = [name for name in SECTIONS if name in sys.argv[3:]] or list(SECTIONS)
    if WRITE and (QUICK or wanted != list(SECTIONS)):
        sys.exit("bench: --write wants a whole run, without --quick and of all sections")
    tables = []
    with tempfile.TemporaryDirectory(prefix="superlance-bench.", dir="/tmp") as folder:
        try:
            for name in wanted:
                say(name)
                tables.append(SECTIONS[name](folder))
                print(tables[-1].text(), end="\n\n", flush=True)
        except Trouble as trouble:
            sys.exit(f"bench: {trouble}")
        finally:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            end_all()
    if WRITE:
        write("docs/benchmarks.md", document(tables))
        for table in tables:
            if table.plot:
                write(f"docs/{table.plot_name()}", table.plot)


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    say(f"wrote {path}")


def interrupted(number, _):
    sys.exit(128 + number)


for interruption in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(interruption, interrupted)
adopt_orphans()
main()
