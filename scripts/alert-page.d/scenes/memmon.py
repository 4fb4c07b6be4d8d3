"""Processes that use too much memory."""

from receivers import RefusingSupervisord
from scene import Alert, TICK, leak, program, settled
from stage import Listener, Stage


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


def stages():
    return [memory()]
