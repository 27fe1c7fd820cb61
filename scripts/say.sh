#!/bin/sh
# Runs a step of a check, saying what it is and how long it took.
# Usage: scripts/say.sh "Name of the step" COMMAND [ARGUMENT...]
name=$1
shift
printf '== %s\n' "$name" >&2
started=$(date +%s)
"$@"
code=$?
if [ "$code" -eq 0 ]; then
    printf '   %s: good, %s s\n' "$name" "$(($(date +%s) - started))" >&2
else
    printf '   %s: FAILED with code %s, %s s\n' "$name" "$code" "$(($(date +%s) - started))" >&2
fi
exit "$code"
