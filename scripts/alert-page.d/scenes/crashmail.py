"""Crashes, one mail each."""

import signal
import time

from scene import APP_LINES, Alert, FAILING, ONCE, QUICK, REPORT_LINES, come, crash, program, settled
from stage import Listener, Stage


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
              " `crashmail: 4 alerts since TIME`.", most=5, rest="and so on for each of the four"),
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


def stages():
    return [crashes(), mass_crash(), losses(), recoveries()]
