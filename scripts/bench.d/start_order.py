"""Lists the functions that the listeners run: start_order.py PROGRAM VALGRIND ORDER

PROGRAM is all six in one, with its symbols, VALGRIND the command, ORDER the file to write.
"""

import collections
import glob
import json
import os
import re
import subprocess
import sys
import tempfile

from household import TOOLS, Household
from processes import Listener, Server, Sleepers, adopt_orphans, end_all


def undivided():
    """The functions of the Swift library that share a section with others: the linker moves them only together."""
    target = json.loads(subprocess.run(["swiftc", "-print-target-info"], check=True, capture_output=True).stdout)
    libraries = glob.glob(target["paths"]["runtimeResourcePath"] + "_static/linux/*.a")
    symbols = subprocess.run(["objdump", "--syms", *libraries], check=True, capture_output=True, text=True).stdout
    return {line.split()[-1] for line in symbols.splitlines() if " .text\t" in line}


def functions(path):
    """The functions of the program in a profile of callgrind (its manual, "Callgrind Format Specification")."""
    names, found, here = {}, set(), False
    with open(path, encoding="utf-8", errors="replace") as file:
        for line in file:
            match = re.match(r"c?(ob|fn)=\((\d+)\)(?: (.*))?$", line)
            if not match:
                continue
            kind, number, name = match.groups()
            if name:
                names[kind, number] = name
            if line.startswith("ob="):
                here = names[kind, number].endswith("/superlance")
            elif line.startswith("fn=") and here:
                found.add(names[kind, number].split("'")[0])  # 'NUMBER is a level of recursion
    return {name for name in found if not name.startswith(("0x", "("))}


def main():
    program, valgrind, order = sys.argv[1:]
    with tempfile.TemporaryDirectory(prefix="superlance-order.", dir="/tmp") as folder:
        # valgrind cannot read the debugging information.
        subprocess.run(["strip", "--strip-debug", "-o", f"{folder}/superlance", program], check=True)
        for tool in TOOLS:
            os.symlink("superlance", f"{folder}/{tool}")

        def start(tool, arguments, url):
            profile = f"--callgrind-out-file={folder}/profile.%p"
            return Listener(
                tool,
                [valgrind, "-q", "--tool=callgrind", "--demangle=no", profile, f"{folder}/{tool}", *arguments], url)

        supervisord, sleepers = Server("supervisord", f"{folder}/supervisord.sock"), Sleepers()
        os.mkdir(f"{folder}/mail")
        household = Household(start, f"{folder}/mail", supervisord, sleepers.grow(10))
        household.live()
        household.end()
        # Of the listeners, not of the workers that come and go.
        residents = [f"{folder}/profile.{listener.pid}" for listener in household.listeners]
        count = collections.Counter(name for path in residents for name in functions(path))
        supervisord.end()
        sleepers.end()
    # What the linker moves together comes last, since it would come between the others. Of the rest, what all of them
    # run comes first.
    together = undivided()
    names = sorted(count, key=lambda name: (name in together, -count[name], name))
    with open(order, "w", encoding="utf-8") as file:
        file.writelines(f"{name}\n" for name in names)
    print(f"start-order: {len(names)} functions are in {order}")


adopt_orphans()
try:
    main()
finally:
    end_all()
