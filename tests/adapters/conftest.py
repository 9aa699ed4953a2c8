"""A real keyring: gnome-keyring-daemon on a D-Bus of its own, with an empty home."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

SECONDS = 20


@pytest.fixture
def desktop(own_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """A login session with an unlocked GNOME Keyring; the environment of the programs in it.

    Where dbus-daemon or gnome-keyring-daemon is missing this fails: `make test` installs them.
    """
    runtime = tmp_path / "runtime"
    runtime.mkdir(mode=0o700)
    environment = {**os.environ, "HOME": str(own_home), "XDG_RUNTIME_DIR": str(runtime), "GSETTINGS_BACKEND": "memory"}
    bus = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address=1", f"--address=unix:dir={runtime}"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert bus.stdout is not None
    environment["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().decode().strip()
    keyring = subprocess.Popen(
        ["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert keyring.stdin is not None
        assert keyring.stdout is not None
        keyring.stdin.write(b"mot de passe de session")
        keyring.stdin.close()
        keyring.stdout.readline()  # it prints where its control socket is once it serves
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", environment["DBUS_SESSION_BUS_ADDRESS"])
        yield environment
    finally:
        for process in (keyring, bus):
            process.terminate()
            process.wait(SECONDS)
            if process.stdout:
                process.stdout.close()
