"""Where the passphrase comes from when nobody types it: a file descriptor, a file or a command, never an argument or a variable's value."""

import os
from pathlib import Path

from monespace_cli.errors import LockedError, UsageError
from monespace_cli.i18n import _
from monespace_cli.ports import SecretSource

MAX_SECRET = 64 * 1024
"""Bytes read from a source: far more than a passphrase, far less than a mistake."""

COMMAND_SECONDS = 60.0


class ConfiguredSecrets:
    """The first configured source of a passphrase, else the person at the terminal. Implements the `SecretSource` port."""

    def __init__(self, fallback: SecretSource, *, descriptor: int | None, file: Path | None, command: str | None) -> None:
        """Take the places to look in, in their order."""
        self._fallback = fallback
        self._descriptor = descriptor
        self._file = file
        self._command = command

    def passphrase(self, prompt: str, *, confirm: bool = False) -> str:
        """Return the passphrase from the first source that is configured; its final line end does not belong to it.

        Raises:
            LockedError: a source cannot be read, or there is none and no terminal either.
            UsageError: what it gave is empty or not text.
        """
        data = self._configured()
        if data is None:
            return self._fallback.passphrase(prompt, confirm=confirm)
        return _secret(data)

    def _configured(self) -> bytes | None:
        if self._descriptor is not None:
            return _read_descriptor(self._descriptor)
        if self._file is not None:
            return _read_file(self._file)
        if self._command is not None:
            return self._run(self._command)
        return None

    def _run(self, command: str) -> bytes:
        from monespace_cli.bounds.process import arguments_of, run

        done = run(arguments_of(command), timeout=COMMAND_SECONDS, max_output=MAX_SECRET, errors_to_terminal=True)
        if done.status != 0:
            raise LockedError(
                _("the passphrase command failed (exit status {status})").format(status=done.status),
                hint=_("try the command in MONESPACE_PASSPHRASE_COMMAND by hand"),
            )
        return done.output


def secret_from_descriptor(descriptor: int) -> str:
    """Return the secret that a file descriptor gives, once: it is read to its end.

    Raises:
        LockedError: it cannot be read.
        UsageError: what it gave is empty or not text.
    """
    return _secret(_read_descriptor(descriptor))


def secret_from_file(path: Path) -> str:
    """Return the secret that a file holds, without its last line end.

    Raises:
        LockedError: it cannot be read.
        UsageError: it is empty or not text.
    """
    try:
        with path.open("rb") as source:
            return _secret(source.read(MAX_SECRET))
    except OSError:
        raise LockedError(_("the password file cannot be read"), hint=_("check its path and permissions")) from None


def _secret(data: bytes) -> str:
    try:
        secret = data.decode().removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError:
        raise UsageError(_("the passphrase is not valid text"), hint=_("save it as UTF-8")) from None
    if not secret:
        raise UsageError(_("the passphrase is empty"), hint=_("look at what the file, descriptor or command gives"))
    return secret


def _read_descriptor(descriptor: int) -> bytes:
    try:
        with os.fdopen(descriptor, "rb", closefd=False) as source:
            return source.read(MAX_SECRET)
    except (OSError, OverflowError, TypeError, ValueError):
        raise LockedError(
            _("file descriptor {number} cannot be read").format(number=descriptor),
            hint=_("for example: --passphrase-fd 3 3<passphrase.txt"),
        ) from None


def _read_file(path: Path) -> bytes:
    try:
        with path.open("rb") as source:
            return source.read(MAX_SECRET)
    except OSError:
        raise LockedError(_("the passphrase file cannot be read"), hint=_("look at MONESPACE_PASSPHRASE_FILE")) from None
