"""Reading small files that a person named: cards, manifests."""

from pathlib import Path

from monespace_cli.errors import UnreadableInputError
from monespace_cli.i18n import _


def read_small(path: Path, most: int) -> bytes:
    """Return a file's bytes, `most` at most.

    Raises:
        UnreadableInputError: it cannot be read, or is larger.
    """
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        raise UnreadableInputError(_("{path} cannot be read").format(path=path), hint=error.strerror) from None
    if len(data) > most:
        raise UnreadableInputError(_("{path} is too large to be what is expected here").format(path=path))
    return data
