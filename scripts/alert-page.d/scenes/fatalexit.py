"""Programs because of which supervisord is stopped."""

from scene import Alert, FAILING, ONCE, QUICK, REPORT_LINES, crash
from stage import Listener, Stage


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


def stages():
    return exits()
