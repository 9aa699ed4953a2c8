#!/bin/sh
# Makes .venv with the first Python of the machine that is recent enough and complete, or says what is missing.
set -eu
cd "$(dirname "$0")/.."

incomplete=""
for python in python3 python3.11 python3.12 python3.13 python3.14; do
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2> /dev/null || continue
    if "$python" -c 'import ensurepip, venv' 2> /dev/null; then
        exec "$python" -m venv --clear .venv
    fi
    incomplete=$python
done

if [ -n "$incomplete" ]; then
    echo "$incomplete cannot make virtual environments. On Debian or Ubuntu: sudo apt-get install python3-venv" >&2
else
    echo "monespace needs Python 3.11 or newer, and none was found. Debian 12 has it: sudo apt-get install python3 python3-venv" >&2
fi
exit 1
