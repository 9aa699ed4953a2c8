"""Bundles and opened documents on the disk: bounded reading, and writing that leaves all or nothing.

Names of extracted files are made here from number, date and kind; a received name or page is never used.
"""

import hashlib
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from monespace_cli.errors import BundleError, UnreadableInputError, UsageError
from monespace_cli.files import new_file, new_folder, require_no_leftover
from monespace_cli.i18n import _
from monespace_cli.interop.media import MEDIA_TYPES
from monespace_cli.interop.stored_zip import CHUNK
from monespace_cli.ports import Random
from monespace_cli.sync.layout import index_page
from monespace_cli.sync.limits import LIMITS
from monespace_cli.sync.manifest import INDEX
from monespace_cli.sync.opening import OpenedBundle, OpenedDocument
from monespace_cli.sync.sealing import Contents, Destination, Place, Sealed, Sender, seal


def seal_file(
    path: Path,
    contents: Contents,
    place: Place,
    note: Callable[[Sealed], None],
    *,
    sender: Sender,
    to: Destination,
    now: datetime,
    random: Random,
) -> Sealed:
    """Seal a bundle into a new file, readable by its owner only, which is there when it is complete or not at all.

    `note` records it before it has its name: no bundle is ever handed over of which nobody knows.

    Raises:
        UsageError: the file exists, or whatever :func:`sealing.seal` says.
        NotWritableError: it cannot be written.
    """
    if path.exists():
        raise UsageError(_("{path} exists").format(path=path), hint=_("choose another name, or move it away"))
    with new_file(path) as sink:
        sealed = seal(sink, contents, place, sender=sender, to=to, now=now, random=random)
        note(sealed)
    return sealed


@contextmanager
def reading(path: Path) -> Iterator[BinaryIO]:
    """Open a received file for reading.

    Raises:
        UnreadableInputError: it is not there, no file, or not readable.
    """
    try:
        # Not blocking: a pipe without a writer would keep us waiting for ever.
        file = os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC), "rb")
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        raise UnreadableInputError(
            _("cannot read {path}: {reason}").format(path=path, reason=reason), hint=_("look at the path again")
        ) from None
    with file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise UnreadableInputError(_("{path} is not a regular file").format(path=path), hint=_("save it as a file first"))
        yield file


def read_card_file(path: Path) -> bytes:
    """Return the bytes of a card file, no more than a card may have and one, so that :func:`card.read_card` sees it is too large.

    Raises:
        UnreadableInputError: it cannot be read.
    """
    with reading(path) as file:
        return file.read(LIMITS.card + 1)


def extract(opened: OpenedBundle, directory: Path) -> list[Path]:
    """Write the documents of an opened bundle and a fresh `index.html` into a new directory; return the documents' paths.

    The directory appears when everything is in it, or not at all; it is readable by its owner only.

    Raises:
        UsageError: the directory exists and is not empty, or an earlier attempt was interrupted.
        NotWritableError: it cannot be written.
        BundleError: the bundle's file changed since it was checked.
    """
    directory = directory.absolute()
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise UsageError(_("{path} is not an empty directory").format(path=directory), hint=_("choose a new one"))
    require_no_leftover(directory)
    names = [_name(number, document) for number, document in enumerate(opened.documents, start=1)]
    with new_folder(directory) as temporary:
        for name, document in zip(names, opened.documents, strict=True):
            _copy(document, temporary / name)
        with new_file(temporary / INDEX) as sink:
            sink.write(index_page(opened.manifest, opened.sender, names))
    return [directory / name for name in names]


def _name(number: int, document: OpenedDocument) -> str:
    day = document.info.date.isoformat() if document.info.date else "undated"
    return f"{number:04}-{day}-{document.info.kind}.{MEDIA_TYPES[document.info.media_type].extension}"


def _copy(document: OpenedDocument, path: Path) -> None:
    sha256 = hashlib.sha256()
    with new_file(path) as sink, document.open() as source:
        while chunk := source.read(CHUNK):
            sha256.update(chunk)
            sink.write(chunk)
        if sha256.hexdigest() != document.file.sha256:
            raise BundleError(_("the bundle changed while it was being opened"), hint=_("copy it to this machine first"))
