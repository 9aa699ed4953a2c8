"""Several photos of one paper become one document (`import --as-one`): its original is a zip that holds each file bit for bit.

The zip is canonical (`interop.stored_zip`), its names are those of the pages: the same files in the same order are the same bytes, whatever
they were called, and are known again.
"""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from monespace_cli.actions.disposal import Disposal
from monespace_cli.actions.entries import Entry, Stated
from monespace_cli.actions.imported import IN_TRASH, ImportedItem
from monespace_cli.adapters.ledger import mark_of
from monespace_cli.errors import UnreadableInputError, UsageError
from monespace_cli.i18n import _
from monespace_cli.ingest.detect import PAGE_TYPES, PAGES_BEGIN, media_type
from monespace_cli.ingest.walk import FoundFile, printable, read_bounded
from monespace_cli.interop.media import MEDIA_TYPES
from monespace_cli.interop.stored_zip import Part, archive_chunks
from monespace_cli.record.document import Provenance

MOST_FILES = 200


def entry_of_pages(paths: Sequence[Path], stated: Stated, disposal: Disposal) -> Entry:
    """Return the one entry that files, in their order, are the pages of.

    Raises:
        UsageError: they are too many, or fewer than two, or one is named twice.
        UnreadableInputError: one of them cannot be read.
    """
    if not 2 <= len(paths) <= MOST_FILES:
        said = _("--as-one takes from 2 to {count} files").format(count=MOST_FILES)
        raise UsageError(said, hint=_("name them in the order of the pages"))
    if len({path.absolute() for path in paths}) < len(paths):
        raise UsageError(_("a file is named twice"), hint=_("each is one page"))
    files = [_read(path) for path in paths]
    marks = [mark_of(path.stat()) for path in paths]
    parts = [Part.of(page_name(number, data), data) for number, data in enumerate(files, 1)]

    def finish(item: ImportedItem | None) -> Iterator[ImportedItem]:
        if item and item.document and item.code != IN_TRASH:
            kept = [disposal.of(path, mark, item.document) for path, mark in zip(paths, marks, strict=True)]
            item = replace(item, code=next(filter(None, kept), item.code))
        yield from [item] if item else []

    others = _("{name} + {count} more").format(name=printable(paths[0].name), count=len(paths) - 1)
    provenance = Provenance(source_name=others, manifest=stated.extra)
    return Entry(" + ".join(map(printable, paths)), b"".join(archive_chunks(parts)), provenance, stated, after=finish)


def page_name(number: int, data: bytes) -> str:
    """Return what a file is called in a set: `0001.jpg`."""
    return f"{number:0{len(PAGES_BEGIN) - 1}}.{MEDIA_TYPES[media_type(data)].extension}"


def _read(path: Path) -> bytes:
    data = read_bounded(FoundFile(path, named=True))
    with contextlib.suppress(UnreadableInputError):
        if media_type(data) in PAGE_TYPES:
            return data
    raise UnreadableInputError(
        _("{path} is of no type that can be a page").format(path=printable(path)), hint=_("give JPEG, PNG, HEIC, TIFF, WebP or PDF files")
    )
