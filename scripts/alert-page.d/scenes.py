"""The scenes: which listeners and programs there are, what happens, and which of the alerts the page shows."""

import os
import signal
import time

from receivers import RefusingSupervisord  # ours, beside this file
from stage import Listener, Stage


class Alert:
    """An alert of the page: the first mail of a listener with these words in its subject or text."""

    def __init__(self, tool, title, listener, words="", note="", sample=None, kept=None, most=None, rest="",
                 command=None):
        self.tool, self.title, self.listener, self.words, self.note = tool, title, listener, words, note
        # Shown in full for each channel, as a crash, a restart or a recovery; the templates have it from this listener.
        self.sample, self.kept = sample, kept or listener
        # How many paragraphs are shown, and what stands for the others.
        self.most, self.rest = most, rest
        self.command = command

    def find(self, stage):
        """Its mail; None if it has not come yet."""
        for mail in stage.arrived(self.listener):
            text = f"{mail.subject}\n{mail.body}"
            if all(word in text for word in self.words.split("&")):
                return mail
        return None


def come(*titles):
    """The condition that alerts have come."""
    return lambda stage: all(alert.find(stage) for alert in stage.alerts if alert.title in titles)


def settled(listener, count):
    """The condition that every channel has so many of a listener's alerts."""
    return lambda stage: len(stage.arrived(listener)) >= count and all(
        len(stage.services.of(listener, channel)) >= count
        for channel in ("slack", "webhook", "pagerduty", "alertmanager"))


def program(name, command, settings=""):
    return (f"[program:{name}]\ncommand={command}\nstderr_logfile=@FOLDER@/{name}.log\n"
            f"environment=FOLDER=\"@FOLDER@\"\n{settings}\n")


def crash(name, times, seconds, ending, settings=""):
    return program(name, f"/bin/sh @HERE@/crash.sh {name} {times} {seconds} {ending}", settings)


def leak(name, times, megabytes, settings=""):
    return program(name, f"@PYTHON@ -S @HERE@/leak.py {name} {times} {megabytes}", f"stopwaitsecs=2\n{settings}")


TICK = "TICK_5"
QUICK = "startsecs=0\n"
ONCE = "startsecs=0\nautorestart=false\n"
FAILING = "startsecs=1\nstartretries=1\n"

APP_LINES = """\
INFO  POST /orders 201 in 12 ms
ERROR database: connection reset by peer
Traceback (most recent call last):
  File "/srv/shop/app.py", line 118, in handle
    order = database.fetch(number)
ConnectionError: the connection is closed
"""
REPORT_LINES = "report: cannot open /etc/report.conf: No such file or directory\n"

# ---- crashmail


def crashes():
    programs = [
        crash("app", 2, 6, 1, QUICK), crash("importer", 1, 4, "SIGSEGV", QUICK), crash("cache", 1, 5, "SIGKILL", QUICK),
        crash("nightly", 1, 4, 3, ONCE), crash("report", 9, 0, 7, FAILING),
        program("typo", "/usr/local/bin/no-such-program", FAILING),
        crash("sync", 5, 1, 1, QUICK), crash("poller", 4, 1, 1, QUICK), crash("mailer", 5, 2, 1, QUICK),
        crash("backup", 1, 8, 2, ONCE),
    ]
    listeners = [
        Listener("crash", "crashmail -p app --runbook https://wiki.example.org/{process}#{kind} --html"),
        Listener("subject", "crashmail -p app --subject {headline}", is_kept=True),
        Listener("signal", "crashmail -p importer"), Listener("kill", "crashmail -p cache"),
        Listener("down", "crashmail -p nightly"), Listener("fatal", "crashmail --fatal -p report"),
        Listener("typo", "crashmail --fatal -p typo"),
        Listener("flood", "crashmail -p sync --flood-limit 2/20s"),
        Listener("cooldown", "crashmail -p poller --cooldown 10s"),
        Listener("late", "crashmail -p mailer --flood-limit 0 --subject {headline}"),
        Listener("missed", "crashmail -p backup"),
    ]
    alerts = [
        Alert("crashmail", "A crash", "crash", "app crashed", sample="crash", kept="subject"),
        Alert("crashmail", "A crash for the second time", "crash", "deaths: 2"),
        Alert("crashmail", "The headline as subject", "subject", "app crashed",
              "With `--subject`, what happened is in the list of mails. The text is the same."),
        Alert("crashmail", "A signal", "signal"),
        Alert("crashmail", "SIGKILL", "kill"),
        Alert("crashmail", "A process that is not restarted", "down"),
        Alert("crashmail", "A failed start", "fatal", "", "Only with `--fatal`."),
        Alert("crashmail", "A program that does not exist", "typo", "", "Only with `--fatal`."),
        Alert("crashmail", "A failed start for the second time", "fatal", "FATAL again",
              "In the thread of the first one."),
        Alert("crashmail", "The summary of a crash loop", "flood", "times from",
              "By default, this is the sixth mail about a process in ten minutes; here `--flood-limit 2/20s`."),
        Alert("crashmail", "The summary of a cooldown", "cooldown", "times from", "With `--cooldown`."),
        Alert("crashmail", "A digest after an outage", "late", "could not be delivered one by one",
              "The mail server was down. Many alerts that have waited become one mail. By default, its subject is"
              " `crashmail: 5 alerts since TIME`.", most=5, rest="and so on for each of the five"),
        Alert("crashmail", "A crash while no listener was running", "missed"),
    ]

    # supervisord forgets the events that wait for a listener that is removed.
    def remove_missed(stage):
        stage.stop("crashmail-missed")
        stage.call("removeProcessGroup", "crashmail-missed")

    def mail_server_up(stage):
        stage.remove("down.late")

    def is_waiting(stage):
        return stage.read("crashmail-late.log").count(" exited unexpectedly\n") == 5

    acts = [
        (6, remove_missed),
        (settled("subject", 1), lambda stage: stage.keep("subject")),
        (13, lambda stage: stage.call("addProcessGroup", "crashmail-missed")),
        (come("A failed start"), lambda stage: stage.start("report")),
        (is_waiting, mail_server_up),
    ]
    files = {"app.lines": APP_LINES, "report.lines": REPORT_LINES, "down.late": ""}
    return Stage("crashes", listeners, "".join(programs), alerts, acts, files)


def mass_crash():
    name = "process_name=worker_%(process_num)02d\nnumprocs=7\nautorestart=false"
    programs = ("[program:worker]\ncommand=/bin/sh -c 'sleep $(printf 4.%%02d $((5 * %(process_num)d))); exit 1'\nstderr_logfile=@FOLDER@/worker_%(process_num)02d.log\n"
                f"{name}\n")
    test = Listener("test", "crashmail --test-alert")
    alerts = [
        Alert("crashmail", "Many processes at once", "mass", "", "Six or more within two seconds.", most=4,
              rest="and so on for each of the seven"),
        Alert("crashmail", "A test alert", "test", "", "Sent by hand.", command=test.command),
    ]
    return Stage("mass", [Listener("mass", "crashmail")], programs, alerts,
                 [(2, lambda stage: stage.by_hand(test))], speed=1)


def losses():
    """What is lost, or sent with less text."""
    programs = crash("app", 5, 3, 1, QUICK) + crash("importer", 1, 4, 1, QUICK)
    listeners = [
        Listener("gap", "crashmail -p app", "PROCESS_STATE_EXITED", buffer=1),
        Listener("large", "crashmail -p importer"),
    ]
    alerts = [
        Alert("crashmail", "Dropped events", "gap", "has dropped", "With the default `buffer_size=10`, supervisord drops events if a"
              " listener is busy for too long."),
        Alert("crashmail", "A mail that was too large", "large", "", "The mail server rejected the first attempt. A web service that"
              " responds with status 413 gets the alert again in the same way."),
    ]
    acts = [
        # It is ready as soon as it has started.
        (lambda stage: " started: " in stage.read("crashmail-gap.log"), lambda stage: time.sleep(0.3)),
        (0, lambda stage: stage.signal("crashmail-gap", signal.SIGSTOP)),
        (lambda stage: len(stage.read("runs.app").splitlines()) > 5, lambda stage: stage.signal("crashmail-gap", signal.SIGCONT)),
    ]
    lines = "".join(f"ERROR  row {number}: the column `total` is empty\n" for number in range(1, 41))
    return Stage("losses", listeners, programs, alerts, acts, {"importer.lines": lines, "limit.large": "1500"})


def recoveries():
    # By itself, supervisord would start it within a second, or not: then there is no downtime to show.
    programs = crash("app", 1, 6, 1, ONCE) + crash("report", 2, 0, 7, FAILING)
    listeners = [
        Listener("recovered", "crashmail -p app --recovered --html", is_kept=True),
        Listener("batchrecovered", "crashmailbatch --recovered -e TICK_5 -i 0.2", "PROCESS_STATE,TICK_5"),
        Listener("fatalrecovered", "fatalmailbatch --recovered -e TICK_5 -i 0.2", "PROCESS_STATE,TICK_5"),
    ]
    words = "has been RUNNING for a minute"
    note = "Only with `--recovered`, in the thread of the first alert."
    alerts = [
        Alert("crashmail", "A recovery", "recovered", words, note, sample="recovery"),
        Alert("crashmailbatch", "A recovery after a crash", "batchrecovered", words, note),
        Alert("fatalmailbatch", "A recovery after a failed start", "fatalrecovered", words, note),
    ]
    def has_failed(stage):
        return any("failed to start" in mail.body for mail in stage.arrived("fatalrecovered"))

    # Only the recovery is to wait in the spool.
    def is_delivered(stage):
        return stage.services.of("recovered", "pending")

    def restart(stage):
        stage.services.is_up.clear()
        stage.start("app")

    acts = [
        (lambda stage: True, lambda stage: stage.services.is_up.add("recovered")),
        (is_delivered, restart),
        (has_failed, lambda stage: stage.start("report")),
        (settled("recovered", 2), lambda stage: stage.keep("recovered")),
    ]
    return Stage("recoveries", listeners, programs, alerts, acts, {"app.lines": APP_LINES}, speed=6, limit=240)


# ---- the batches


def batches():
    programs = (crash("app", 2, 2, 1, QUICK) + crash("importer", 1, 3, "SIGSEGV", QUICK) + crash("report", 9, 0, 7, FAILING))
    events = "PROCESS_STATE,TICK_5"
    listeners = [
        Listener("crashes", "crashmailbatch -e TICK_5 -i 0.2", events),
        Listener("failures", "fatalmailbatch -e TICK_5 -i 0.2", events),
        Listener("messages", "crashsms -e TICK_5 -i 0.2", events),
    ]
    alerts = [
        Alert("crashmailbatch", "A batch of crashes", "crashes"),
        Alert("fatalmailbatch", "A batch of failed starts", "failures"),
        Alert("fatalmailbatch", "A failed start after another start", "failures", "FATAL again"),
        Alert("crashsms", "A text message", "messages"),
    ]
    return Stage("batches", listeners, programs, alerts, [(come("A batch of failed starts"), lambda stage: stage.start("report"))],
                 {"app.lines": APP_LINES, "report.lines": REPORT_LINES})


def counted_batch():
    note = "By default, this is the sixth message about a process in an hour; here `--flood-limit 1/40s`."
    alert = Alert("crashsms", "The summary of a crash loop", "counted", "times from", note)
    listener = Listener("counted", "crashsms -e TICK_5 -i 0.05 --flood-limit 1/40s", "PROCESS_STATE,TICK_5")
    return Stage("counted", [listener], crash("sync", 6, 1, 1, QUICK), [alert])


# ---- httpok

GCORE = """\
#!/bin/sh
# gcore -o FILE PID: says what gdb's says, without the addresses
echo "Saved corefile $2.$3"
"""


def sites():
    names = ["shop", "web", "hanging", "dumped", "page", "dry", "alerted", "stopped", "spent", "quiet"]
    programs = "".join(program(name, "/bin/sleep 1000", "stopwaitsecs=2") for name in names)
    programs += crash("absent", 0, 0, 0, "autostart=false") + program("idle", "/bin/sh @HERE@/crash.sh idle 2 0 1", FAILING)
    programs += program("broken", "/bin/sh -c 'cd @FOLDER@; echo >>twice; test $(wc -l <twice) != 2 && exec sleep 1000'",
                        "startretries=0\nautorestart=false")
    programs += crash("failing", 9, 0, 7, FAILING)
    programs += ("[program:pool]\nprocess_name=pool_%(process_num)d\nnumprocs=3\ncommand=/bin/sleep 1000\n")
    listeners = [
        Listener("shop", "httpok -p shop --recovered @SITE@/orders", TICK),
        Listener("web", "httpok -p web -t 1 @REFUSED@/", TICK),
        Listener("hanging", "httpok -p hanging -t 2 @SITE@/hanging", TICK),
        Listener("page", "httpok -p page -b ready @SITE@/page", TICK),
        Listener("mailonly", "httpok @SITE@/orders", TICK),
        Listener("missing", "httpok -p shopp @SITE@/orders", TICK),
        Listener("notrunning", "httpok -p absent @SITE@/orders", TICK),
        Listener("twice", "httpok -p broken @SITE@/orders", TICK),
        Listener("dry", "httpok -p dry --dry-run @SITE@/orders", TICK),
        Listener("alerted", "httpok -p alerted --action alert @SITE@/orders", TICK),
        Listener("stopped", "httpok -p stopped --action stop @SITE@/orders", TICK),
        Listener("spent", "httpok -p spent --max-restarts 1/1h @SITE@/broken", TICK),
        Listener("pool", "httpok pool:*=@SITE@/broken/{num}", TICK),
        Listener("slow", "httpok --latency 200ms @SITE@/slow", TICK),
        Listener("certificate", "httpok -k --cert-expiry 14d @SECURE@/", TICK),
        Listener("core", 'httpok -p dumped -g "@FOLDER@/gcore -o" -d @FOLDER@/core @SITE@/orders', TICK),
        Listener("idle", "httpok -x -p idle @SITE@/", TICK),
        Listener("failing", "httpok -x -p failing @SITE@/", TICK),
        Listener("unreachable", "httpok -p shop --server-url unix://@FOLDER@/none.sock @SITE@/broken", TICK),
    ]
    alerts = [
        Alert("httpok", "HTTP 500", "shop", "bad status"),
        Alert("httpok", "The recovery", "shop", "healthy again", "Only with `--recovered`."),
        Alert("httpok", "A refused connection", "web"),
        Alert("httpok", "A time-out", "hanging"),
        Alert("httpok", "A body without the text", "page"),
        Alert("httpok", "No program to restart", "mailonly"),
        Alert("httpok", "A misspelt program", "missing"),
        Alert("httpok", "A program that is not running", "notrunning"),
        Alert("httpok", "A restart that fails", "twice", "Failed to start"),
        Alert("httpok", "A start on a later tick", "twice", "broken restarted"),
        Alert("httpok", "A dry run", "dry"),
        Alert("httpok", "Alerts only", "alerted"),
        Alert("httpok", "A stop", "stopped"),
        Alert("httpok", "Restarts that do not help", "spent", "gave up"),
        Alert("httpok", "A group that stays broken", "pool", "did not help"),
        Alert("httpok", "A slow response", "slow", "responded after"),
        Alert("httpok", "The response is in time again", "slow", "in time again"),
        Alert("httpok", "A certificate that expires", "certificate", "expires in"),
        Alert("httpok", "The certificate is renewed", "certificate", "renewed"),
        Alert("httpok", "A core file", "core", "gcore output", "With `-d`."),
        Alert("httpok", "A start with -x", "idle", "was in"),
        Alert("httpok", "A start with -x that fails", "failing", "Failed to start"),
        Alert("httpok", "supervisord cannot be reached", "unreachable"),
    ]

    def prepare(stage):
        stage.add_secure_site()
        os.mkdir(f"{stage.folder}/core", 0o700)
        stage.write("gcore", GCORE, 0o755)
        stage.site.set("/")
        stage.site.set("/orders", 500, "database is locked\n")
        stage.site.set("/broken", 503, "maintenance\n")
        stage.site.set("/page", 200, "starting up\n")
        stage.site.set("/hanging", delay=8)
        stage.site.set("/slow", delay=0.4)
        stage.secure_site.set("/")

    def mend(stage):
        stage.site.set("/orders")
        stage.site.set("/slow")
        stage.secure_site.renew(90)

    return Stage("sites", listeners, programs, alerts, [(come(*[alert.title for alert in alerts if alert.listener in ("mailonly", "missing", "notrunning", "dry", "alerted", "stopped")] + ["HTTP 500", "A slow response", "A certificate that expires", "A start on a later tick"]), mend)], prepare=prepare, speed=1)


# ---- memmon


def memory():
    programs = (leak("leaking", 1, 80) + leak("growing", 1, 64) + leak("tree", 1, 80) + leak("big", 1, 80)
                + leak("kept", 1, 80) + leak("halted", 1, 80) + leak("hopeless", 9, 80)
                + program("unlucky", "/bin/sh -c 'cd @FOLDER@; echo >>unlucky; test $(wc -l <unlucky) != 2 && "
                          "exec @PYTHON@ -S @HERE@/leak.py unlucky 1 80'", "startretries=0\nautorestart=false")
                + leak("stubborn", 1, 80) + leak("pool_a", 1, 64) + leak("pool_b", 1, 16) + "[group:pool]\nprograms=pool_a,pool_b\n")
    listeners = [
        Listener("leaking", "memmon -p leaking=60MB --html", TICK, is_kept=True),
        Listener("growing", "memmon -p growing=100MB --warn 50pct", TICK),
        Listener("tree", "memmon -c -p tree=60MB", TICK),
        Listener("pool", "memmon --group-total pool=70MB", TICK),
        Listener("big", "memmon -p big=60MB --dry-run", TICK),
        Listener("kept", "memmon -p kept=60MB --action alert", TICK),
        Listener("halted", "memmon -p halted=60MB --action stop", TICK),
        Listener("unlucky", "memmon -p unlucky=60MB", TICK),
        Listener("stubborn", "memmon -p stubborn=60MB --server-url unix://@FOLDER@/refusing.sock", TICK),
        Listener("hopeless", "memmon -p hopeless=60MB --max-restarts 1/1h", TICK),
    ]
    alerts = [
        Alert("memmon", "A restart", "leaking", sample="restart"),
        Alert("memmon", "A warning before the limit", "growing", "", "Only with `--warn`."),
        Alert("memmon", "A process with children", "tree", "", "With `-c`."),
        Alert("memmon", "A group over its limit", "pool", "", "With `--group-total`."),
        Alert("memmon", "A stop that fails", "stubborn"),
        Alert("memmon", "A restart that fails", "unlucky", "failed to start"),
        Alert("memmon", "A start on a later tick", "unlucky", "restarted"),
        Alert("memmon", "Restarts that do not help", "hopeless", "gave up", "With `--max-restarts`."),
        Alert("memmon", "A dry run", "big"),
        Alert("memmon", "Alerts only", "kept"),
        Alert("memmon", "A stop", "halted"),
    ]
    acts = [(settled("leaking", 1), lambda stage: stage.keep("leaking"))]
    return Stage("memory", listeners, programs, alerts, acts, prepare=lambda stage: RefusingSupervisord(stage.folder))


# ---- fatalexit and fatalretry


def exits():
    events = "PROCESS_STATE,SUPERVISOR_STATE_CHANGE,TICK_5"
    stages = []
    for name, title, command, programs in [
        ("exitfatal", "A failed start", "fatalexit -p report", crash("report", 9, 0, 7, FAILING)),
        ("exitdown", "A crash of a process that is not restarted", "fatalexit -p nightly", crash("nightly", 1, 4, 3, ONCE)),
        ("exitloop", "A crash loop", "fatalexit --crash-loop 3/1m -p sync", crash("sync", 9, 1, 1, QUICK)),
        ("exitmain", "The end of the main program", "fatalexit --main job", crash("job", 1, 4, 0, ONCE)),
    ]:
        stages.append(Stage(name, [Listener(name, command, events)], programs, [Alert("fatalexit", title, name)],
                            files={"report.lines": REPORT_LINES}))
    return stages + [delayed_exit(events)]


def delayed_exit(events):
    listeners = [Listener("exitdelay", "fatalexit -p report --delay 12s", events),
                 Listener("starter", "fatalretry -p report --backoff 3s..3s", "PROCESS_STATE,SUPERVISOR_STATE_CHANGE")]
    alerts = [Alert("fatalexit", "A failed start, with a delay", "exitdelay"),
              Alert("fatalexit", "The end of a delay, when the program runs", "exitdelay", "not stopping supervisord")]
    return Stage("exitdelay", listeners, crash("report", 2, 0, 7, FAILING), alerts, files={"report.lines": REPORT_LINES})


def retries():
    programs = crash("report", 9, 0, 7, FAILING)
    listeners = [Listener("retry", "fatalretry -p report --backoff 6s..12s", "PROCESS_STATE,SUPERVISOR_STATE_CHANGE")]
    alerts = [Alert("fatalretry", "A FATAL program", "retry"),
              Alert("fatalretry", "A program that is FATAL again", "retry", "FATAL again")]
    return Stage("retries", listeners, programs, alerts, files={"report.lines": REPORT_LINES})


def all_stages():
    # In the order of the page, as far as the tool is the same.
    return [crashes(), mass_crash(), losses(), recoveries(), sites(), memory(), batches(), counted_batch(), retries(), *exits()]
