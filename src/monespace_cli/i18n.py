"""The one place that user-visible text goes through.

Messages are written in plain English where they are said and wrapped in :func:`_`, the convention of GNU gettext, so that a catalogue
`locale/<language>/LC_MESSAGES/monespace.mo` translates them all. Without a catalogue for the user's language nothing is loaded and the
English text is used as it stands: a start-up that speaks English pays nothing.
"""

from functools import cache
from gettext import NullTranslations
from pathlib import Path

LOCALE_DIR = Path(__file__).parent / "locale"


@cache
def _catalogue() -> NullTranslations | None:
    if not LOCALE_DIR.is_dir():
        return None
    import gettext

    return gettext.translation("monespace", LOCALE_DIR, fallback=True)


def _(message: str) -> str:
    """Return `message` in the user's language (LANGUAGE, LC_ALL, LC_MESSAGES, LANG), or as it is."""
    catalogue = _catalogue()
    return catalogue.gettext(message) if catalogue else message


def ngettext(singular: str, plural: str, count: int) -> str:
    """Return the form of a message that fits `count` things, in the user's language."""
    catalogue = _catalogue()
    if catalogue:
        return catalogue.ngettext(singular, plural, count)
    return singular if count == 1 else plural
