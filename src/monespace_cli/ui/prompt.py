"""Questions to the person at the terminal; never one without a terminal."""

import getpass
import os
import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TextIO

from monespace_cli.errors import DeclinedError, LockedError, UsageError
from monespace_cli.i18n import _

TERMINAL = Path("/dev/tty")


class Terminal:
    """The person at the terminal, if there is one. Implements the `SecretSource` port."""

    @property
    def is_present(self) -> bool:
        """Whether somebody can be asked: stderr is a terminal, and so is stdin or the controlling terminal can be opened."""
        if not sys.stderr.isatty():
            return False
        if sys.stdin.isatty():
            return True
        try:
            TERMINAL.open("rb").close()
        except OSError:
            return False
        return True

    def passphrase(self, prompt: str, *, confirm: bool = False, hint: str | None = None) -> str:
        """Ask for a passphrase without showing it; twice to `confirm`. Without a terminal, `hint` says how else to give it.

        Raises:
            LockedError: there is no terminal.
            UsageError: the two were not the same, or it is empty.
        """
        self._require(hint or _("give the passphrase with --passphrase-fd, MONESPACE_PASSPHRASE_FILE or MONESPACE_PASSPHRASE_COMMAND"))
        typed = getpass.getpass(f"{prompt}: ")
        if confirm and getpass.getpass(_("the same again: ")) != typed:
            raise UsageError(_("the two passphrases are not the same"), hint=_("try again"))
        if not typed:
            raise UsageError(_("the passphrase is empty"), hint=_("several unrelated words make a good one"))
        return typed

    def confirm(self, question: str, *, default: bool = False, otherwise: str = "") -> bool:
        """Ask yes or no; `otherwise` says what to do where nobody can be asked.

        Raises:
            LockedError: there is no terminal.
        """
        self._require(otherwise or _("give --yes to agree without being asked"))
        choices = _("[Y/n]") if default else _("[y/N]")
        answer = self._line(f"{question} {choices} ").strip().lower()
        return default if not answer else answer in (_("y"), _("yes"), "o", "oui")

    def require_yes(self, question: str, *, yes: bool) -> None:
        """Go on only if the person agrees, now or beforehand with --yes.

        Raises:
            DeclinedError: they said no.
            LockedError: there is no terminal.
        """
        if not yes and not self.confirm(question):
            raise DeclinedError(_("nothing was done"))

    def ask(self, question: str) -> str:
        """Ask for a line of text.

        Raises:
            LockedError: there is no terminal.
        """
        self._require(_("give it on the command line"))
        return self._line(f"{question} ").strip()

    def key(self, question: str, keys: str) -> str:
        """Ask for one of some keys, which needs no Enter; Enter itself is the first of them.

        Raises:
            LockedError: there is no terminal.
            KeyboardInterrupt: Ctrl-C or Ctrl-D.
        """
        self._require(_("give it on the command line"))
        sys.stderr.write(f"{question} ")
        sys.stderr.flush()
        with self._terminal() as file:
            while (pressed := _pressed(file.fileno())) not in keys:
                if pressed in ("\x03", "\x04", ""):
                    raise KeyboardInterrupt
                if pressed in ("\r", "\n"):
                    pressed = keys[0]
                    break
        sys.stderr.write(f"{pressed}\n")
        return pressed

    def hidden(self, question: str) -> str:
        """Ask for a secret that is not ours, without showing it; it may be empty.

        Raises:
            LockedError: there is no terminal.
        """
        self._require(_("give it by an option"))
        return getpass.getpass(f"{question}: ")

    def _require(self, hint: str) -> None:
        if not self.is_present:
            raise LockedError(_("there is no terminal to ask on"), hint=hint)

    def _line(self, prompt: str) -> str:
        sys.stderr.write(prompt)
        sys.stderr.flush()
        with self._terminal() as file:
            line = file.readline()
        if not line:  # Ctrl-D is no answer, least of all the default one
            raise KeyboardInterrupt
        return line

    def _terminal(self) -> AbstractContextManager[TextIO]:
        """Return the terminal to read from: standard input where it is one, else the controlling one."""
        return nullcontext(sys.stdin) if sys.stdin.isatty() else TERMINAL.open(encoding="utf-8")


def _pressed(terminal: int) -> str:
    """Return the next key of a terminal, as it is pressed."""
    import termios
    import tty

    before = termios.tcgetattr(terminal)
    try:
        tty.setcbreak(terminal, termios.TCSADRAIN)  # what was typed ahead counts
        return os.read(terminal, 1).decode("ascii", "replace").lower()
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)
