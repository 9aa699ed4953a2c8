#!/bin/sh
# Renews requirements/*.txt from pyproject.toml: every version pinned with the hashes of its files, for all platforms, and no address.
# Pins that still fit are kept; `scripts/lock.sh --upgrade` takes the newest of everything.
set -eu
cd "$(dirname "$0")/.."

tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
.venv/bin/python -m venv "$tools"
"$tools/bin/pip" install --quiet --quiet uv

# pin OUTPUT [OPTION…]: writes one requirements file.
pin() {
    output=$1
    shift
    "$tools/bin/uv" pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-header --no-strip-extras --output-file "$output" "$@" > /dev/null
}

mkdir -p requirements
pin requirements/run.txt --group build "$@"
pin requirements/dev.txt --group dev --constraint requirements/run.txt "$@"
