"""What people type into a record: one rule for names, titles, tags and passphrases, asked by every command that takes them.

The lengths are those that cards and bundles carry (docs/formats/card-v1.md, bundle-v1.md): what could not be handed on is refused when it
is typed, not when somebody tries to hand it on.
"""

import unicodedata
from typing import Final

from monespace_cli.errors import UsageError
from monespace_cli.i18n import _

NAME_LENGTH: Final = 100
GIVEN_NAMES: Final = 10
TITLE_LENGTH: Final = 200
"""Characters of a title, a practitioner's name or a tag."""
PURPOSE_LENGTH: Final = 500
PASSPHRASE_LENGTH: Final = 8
"""Characters at the least. A slow key derivation makes each guess dear; it cannot make up for a guess that is tried first."""

_UNFIT = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def line_of_text(text: str, longest: int, *, shortest: int = 1) -> str:
    """Return a typed line without spaces around it.

    Raises:
        UsageError: it is empty, longer than `longest` characters, or holds control or direction characters.
    """
    line = text.strip()
    if len(line) < shortest:
        raise UsageError(_("an empty name or title says nothing"), hint=_("leave the option away instead"))
    if len(line) > longest:
        raise UsageError(_("a name or title is longer than {count} characters").format(count=longest))
    if any(unicodedata.category(c) in _UNFIT for c in line):
        raise UsageError(_("a name or title holds characters that cannot be shown"), hint=_("type it on one line"))
    return line


def require_strong(passphrase: str) -> str:
    """Return a new passphrase that is long enough to be one.

    Raises:
        UsageError: it is not.
    """
    if len(passphrase) < PASSPHRASE_LENGTH:
        raise UsageError(
            _("the passphrase is shorter than {count} characters").format(count=PASSPHRASE_LENGTH), hint=_("take several unrelated words")
        )
    return passphrase
