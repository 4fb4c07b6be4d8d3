#!/bin/sh
# crash.sh NAME TIMES SECONDS ENDING: runs for some seconds, prints NAME.lines to standard error and ends with a status or
# a signal, so many times; then it runs on.
cd "$FOLDER" || exit 71
ulimit -c 0
echo >>"runs.$1"
[ "$(wc -l <"runs.$1")" -le "$2" ] || exec sleep 1000
sleep "$3"
[ ! -e "$1.lines" ] || cat "$1.lines" >&2
case $4 in
    SIG*) kill "-${4#SIG}" $$ ;;
    *) exit "$4" ;;
esac
