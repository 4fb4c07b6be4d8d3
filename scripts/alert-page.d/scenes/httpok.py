"""Web sites that do not respond as they should."""

import os

from scene import Alert, FAILING, TICK, come, crash, program
from stage import Listener, Stage


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


def stages():
    return [sites()]
