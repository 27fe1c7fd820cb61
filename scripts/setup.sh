#!/bin/sh
# Makes the environment and installs the pinned dependencies and the project itself.
# Usage: [PYTHON=python3] [VENV=.venv] scripts/setup.sh runtime|dev
set -eu

kind=$1
venv=${VENV:-.venv}
cd "$(dirname "$0")/.."

say() { printf '%s\n' "$*" >&2; }
fail() {
    say "Cannot set up: $1"
    shift
    for line in "$@"; do say "  $line"; done
    exit 1
}
new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }
version_of() { "$1" -c 'import platform; print(platform.python_version())' 2>/dev/null; }

# The first of these that is new enough: an older python3 often has a newer one beside it.
find_python() {
    for python in "${PYTHON:-python3}" python3 python3.13 python3.12 python3.11; do
        if new_enough "$python"; then
            [ "$python" = "${PYTHON:-python3}" ] || say "Using $python: ${PYTHON:-python3} is missing or too old."
            return 0
        fi
    done
    found=$(version_of "${PYTHON:-python3}" || true)
    fail "Python 3.11 or newer is needed${found:+, and ${PYTHON:-python3} is Python $found}." \
        "Debian 12, Ubuntu 24.04 or later:  apt-get install python3 python3-venv" \
        "macOS:                             brew install python" \
        "Installed elsewhere:               make chat PYTHON=/path/to/python3.12"
}

make_venv() {
    find_python
    if ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
        fail "this Python cannot make environments (its venv or ensurepip is missing)." \
            "Debian, Ubuntu:  apt-get install python3-venv"
    fi
    say "Making the environment $venv with Python $(version_of "$python")."
    rm -rf "$venv"
    "$python" -m venv "$venv" || fail "python -m venv did not work; its reason stands above."
}

install() {
    # --require-hashes refuses whatever is not the very file that was pinned.
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input \
        --require-hashes -r "requirements/$kind.txt" ||
        fail "the pinned packages could not be installed; pip's reason stands above." \
            "Without a network this works only once they are installed."
    # hatchling is among the pins, so the project itself needs nothing from outside.
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input \
        --no-deps --no-build-isolation --editable . ||
        fail "the project itself could not be installed; pip's reason stands above."
}

started=$(date +%s)
# An environment whose Python has gone, or that came from a copied folder, is made anew.
if ! { [ -x "$venv/bin/python" ] && new_enough "$venv/bin/python" &&
    "$venv/bin/python" -c 'import pip' 2>/dev/null; }; then
    make_venv
fi
count=$(grep -c '==' "requirements/$kind.txt")
say "Installing $count pinned packages into $venv (the first time this takes up to a minute)."
install
# The development pins hold the runtime ones too.
touch "$venv/.runtime"
[ "$kind" = runtime ] || touch "$venv/.$kind"
say "Ready after $(($(date +%s) - started)) s."
