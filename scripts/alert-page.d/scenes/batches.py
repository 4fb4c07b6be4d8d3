"""Crashes and failed starts in batches: crashmailbatch, fatalmailbatch, crashsms."""

from scene import APP_LINES, Alert, FAILING, QUICK, REPORT_LINES, come, crash
from stage import Listener, Stage


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


def stages():
    return [batches(), counted_batch()]
