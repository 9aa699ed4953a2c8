#!/bin/sh
# Installs the system packages that are missing, and nothing where none is. Used by the Makefile:
#
#   scripts/install-system.sh venv    what making a virtual environment needs
#   scripts/install-system.sh demo    the same, and what reading text from images needs
#   scripts/install-system.sh test    the same, and the programs that the tests compare monespace with
#   scripts/install-system.sh bench   the same, and the program that the benchmarks compare its import with
#
# Where it cannot install (no Debian, no root, no network) it says what to install and succeeds: everything but reading
# text from images works without these packages.
set -eu

has() { command -v "$1" > /dev/null 2>&1; }
reads() { tesseract --list-langs 2> /dev/null | grep -qx "$1"; }

# need PACKAGE CHECK…: remembers the package when the check fails.
need() {
    package=$1
    shift
    "$@" || missing="$missing $package"
}

# Sets `missing` to the packages of a set that are not there.
find_missing() {
    missing=""
    need python3-venv python3 -c 'import ensurepip' 2> /dev/null
    [ "$1" = venv ] && return
    need tesseract-ocr has tesseract
    for language in fra eng osd; do need "tesseract-ocr-$language" reads "$language"; done
    [ "$1" = demo ] && return
    need age has age
    need dbus has dbus-daemon
    need git has git
    need gnome-keyring has gnome-keyring-daemon
    need nodejs has node
    need npm has npm
    need openssh-client has ssh-keygen
    need strace has strace
    need unzip has unzip
    [ "$1" = test ] && return
    need ocrmypdf has ocrmypdf
}

# Runs a command with the rights to install: as root, or through a sudo that does not ask.
privileged() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

install() {
    has apt-get && privileged true 2> /dev/null || return 1
    echo "Installing$missing"
    privileged env DEBIAN_FRONTEND=noninteractive sh -c \
        'apt-get -qq update && apt-get -qq install --yes --no-install-recommends "$@"' apt $missing < /dev/null > /dev/null
}

case "${1-}" in venv | demo | test | bench) ;; *) echo "usage: $0 venv|demo|test|bench" >&2; exit 2 ;; esac
find_missing "$1"
[ -n "$missing" ] || exit 0
install || true
find_missing "$1"
[ -n "$missing" ] || exit 0
cat >&2 << END
Not installed:$missing
On Debian or Ubuntu, install them with:
    sudo apt-get install --no-install-recommends$missing
Elsewhere, install the same programs by the system's own means.
END
case $missing in *tesseract*) echo "Without tesseract and its languages everything works, but no text is read from images." >&2 ;; esac
