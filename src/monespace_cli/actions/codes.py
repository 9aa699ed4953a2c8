"""A fingerprint as a QR code, and back: the quick way to compare the key on another person's screen or paper."""

import re
from pathlib import Path

from monespace_cli.bounds import limits
from monespace_cli.errors import UnreadableInputError, UsageError
from monespace_cli.i18n import _
from monespace_cli.ingest.reader import Reader
from monespace_cli.sync.files import reading

FORMATS = (".png", ".svg")


def qr_modules(fingerprint: str) -> list[list[bool]]:
    """Return the code that carries a fingerprint (docs/formats/card-v1.md): capitals need fewer modules."""
    from monespace_cli.render import qr

    return qr.modules(fingerprint.upper())


def require_qr_format(path: Path) -> None:
    """See that a file's name says which kind of picture it is to be.

    Raises:
        UsageError: it does not.
    """
    if path.suffix.lower() not in FORMATS:
        raise UsageError(_("a QR code is written as .png or .svg"), hint=_("for example FILE.svg"))


def qr_picture(fingerprint: str, path: Path) -> bytes:
    """Return the code in the format of its file's name."""
    from monespace_cli.render import qr

    return (qr.svg if path.suffix.lower() == ".svg" else qr.png)(qr_modules(fingerprint))


def fingerprint_in(path: Path, reader: Reader) -> str:
    """Return the fingerprint in a picture, such as a photo of somebody's screen; it is decoded in the confined child.

    Raises:
        UnreadableInputError: it is no picture, or has no such code, or more than one.
    """
    with reading(path) as source:
        data = source.read(limits.MAX_FILE_BYTES + 1)
    texts = (text.split()[-1] for text in reader.codes(data) if text.split())  # the kind of code stands before what it says
    found = {text.lower() for text in texts if re.fullmatch("[0-9A-Fa-f]{64}", text)}
    if len(found) != 1:
        raise UnreadableInputError(
            _("there is no single QR code of a fingerprint in this picture"),
            hint=_("take it again: straight, sharp, the whole code with the light edge around it"),
        )
    return found.pop()
