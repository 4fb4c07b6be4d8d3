"""FATAL programs that are started again."""

from scene import Alert, FAILING, REPORT_LINES, crash
from stage import Listener, Stage


def retries():
    programs = crash("report", 9, 0, 7, FAILING)
    listeners = [Listener("retry", "fatalretry -p report --backoff 6s..12s", "PROCESS_STATE,SUPERVISOR_STATE_CHANGE")]
    alerts = [Alert("fatalretry", "A FATAL program", "retry"),
              Alert("fatalretry", "A program that is FATAL again", "retry", "FATAL again")]
    return Stage("retries", listeners, programs, alerts, files={"report.lines": REPORT_LINES})


def stages():
    return [retries()]
