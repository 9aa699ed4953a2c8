"""Secrets that are made or chosen now: passphrases, and recovery kits that are handed out before anything depends on them."""

from pathlib import Path
from typing import TYPE_CHECKING

from monespace_cli.commands.services import Services
from monespace_cli.errors import DeclinedError
from monespace_cli.i18n import _
from monespace_cli.record.text import fold
from monespace_cli.record.typed import require_strong
from monespace_cli.ui.views import words_in_lines

if TYPE_CHECKING:
    from monespace_cli.crypto.keys import Argon2Params

KIT_SIZE = 16
WORDS_ASKED_BACK = 3
ATTEMPTS = 3


def new_passphrase(tools: Services, descriptor: int | None) -> str:
    """Return a new passphrase, from a file descriptor or the terminal, where it is typed twice.

    Raises:
        UsageError: it is too short, or not the same twice.
        LockedError: there is neither.
    """
    from monespace_cli.adapters.secrets import secret_from_descriptor

    if descriptor is not None:
        return require_strong(secret_from_descriptor(descriptor))
    return require_strong(tools.terminal.passphrase(_("New passphrase"), confirm=True, hint=_("give the new one with --new-passphrase-fd")))


def new_cost(tools: Services, paranoid: bool) -> "Argon2Params":
    """Return what each guess at a new passphrase shall cost."""
    from monespace_cli.crypto.keys import Argon2Params

    return Argon2Params.paranoid(tools.random) if paranoid else Argon2Params.default(tools.random)


def kit_words_of(entropy: bytes) -> list[str]:
    """Return the twelve words of a recovery kit's 16 bytes."""
    from monespace_cli.crypto.words import kit_words

    return list(kit_words(entropy))


def hand_out_kit(tools: Services, entropy: bytes, pdf: Path | None) -> None:
    """Show a recovery kit before the vault knows it, and on a terminal see that it was written down. With --json the command prints it.

    Raises:
        UsageError, NotWritableError: the page cannot be written where it was asked for.
        DeclinedError: the words that were asked back were wrong each time.
    """
    words = kit_words_of(entropy)
    if pdf is not None:
        _write_page(tools, words, pdf)
    if tools.output.is_json:
        return
    tools.output.say(
        _("\nRecovery kit. Write these words down and keep them away from this machine; they open the vault as the passphrase does:\n")
    )
    tools.output.text("\n".join(f"    {line}" for line in words_in_lines(tuple(words))) + "\n")
    if tools.terminal.is_present:
        _ask_back(tools, words)


def _write_page(tools: Services, words: list[str], path: Path) -> None:
    from monespace_cli.actions.exporting import written_out
    from monespace_cli.render.recovery_kit import recovery_kit_pdf

    with written_out(path, tools.output.raw, force=False) as sink:
        sink.write(recovery_kit_pdf(words, tools.clock().astimezone().date()))
    tools.output.warn(_("{path} opens the vault and is not encrypted: print it, then delete it").format(path=path))


def _ask_back(tools: Services, words: list[str]) -> None:
    """Ask for some of the words, so that nobody relies on a kit that was not written down."""
    numbers = sorted(sorted(range(len(words)), key=lambda _number: tools.random(4))[:WORDS_ASKED_BACK])
    for _attempt in range(ATTEMPTS):
        typed = [tools.terminal.ask(_("Word {number} of the kit:").format(number=number + 1)) for number in numbers]
        if [fold(word) for word in typed] == [fold(words[number]) for number in numbers]:
            return
        tools.output.say(_("That is not it: look at what you wrote down."))
    raise DeclinedError(_("the recovery kit was not written down: nothing was done"), hint=_("do it again with pen and paper at hand"))
