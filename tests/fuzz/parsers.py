"""Every function that takes bytes from outside, as one that either returns or raises an error that monespace foresees."""

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

from monespace_cli.bounds.xml import UnfitXmlError, check_xml
from monespace_cli.crypto import age, sshsig
from monespace_cli.crypto.age import bech32
from monespace_cli.crypto.words import kit_entropy
from monespace_cli.errors import MonespaceError
from monespace_cli.ingest.boxes import from_bytes
from monespace_cli.ingest.detect import decode_text, media_type
from monespace_cli.ingest.fields import find_fields
from monespace_cli.ingest.formats.rtf import to_text
from monespace_cli.ingest.payloads import gs1_fields, ins_fields
from monespace_cli.ingest.tesseract import parse_words
from monespace_cli.interop.import_manifest import read_import_manifest
from monespace_cli.interop.stored_zip import read_archive
from monespace_cli.record.document import Page, TextSource
from monespace_cli.record.partial_date import parse_partial_date
from monespace_cli.record.query import parse
from monespace_cli.sync.canonical import FormatError, from_canonical, to_canonical
from monespace_cli.sync.card import read_card
from monespace_cli.sync.manifest import read_manifest
from monespace_cli.sync.record import read_record
from monespace_cli.vault.handing import COLUMNS, UNFIT, LaterEventError, record_of_rows
from monespace_cli.vault.header import parse_header

TODAY = date(2026, 11, 23)
IDENTITY = age.X25519Identity(b"l" * 32)
FORESEEN = (MonespaceError, FormatError, UnfitXmlError)


def text(data: bytes) -> str:
    """Return bytes as whatever text they are."""
    return data.decode("utf-8", "replace")


def manifest(data: bytes) -> None:
    """Read a manifest: what is accepted is written again byte for byte."""
    assert read_manifest(data).to_bytes() == data


def canonical(data: bytes) -> None:
    """Read canonical JSON: what is accepted is written again byte for byte."""
    assert to_canonical(from_canonical(data, max_size=1 << 20)) == data


def fields(data: bytes) -> None:
    """Look for everything that a page may say."""
    find_fields((Page(1, text(data), 1.0, TextSource.PLAIN),), TODAY)


def words(data: bytes) -> None:
    """Read what a child answers of words; a garbled answer is a ValueError or TypeError there."""
    try:
        from_bytes(data, "un deux")
    except (ValueError, TypeError, RecursionError):
        return


def record(data: bytes) -> None:
    """Read a handed-over record: its rows, where its form is right, may be none that a vault can hold, which is told by these errors."""
    rows = read_record(data, {table: frozenset(columns) for table, columns in COLUMNS.items()})
    try:
        record_of_rows(rows, 1)
    except (LaterEventError, *UNFIT):
        return


PARSERS: tuple[Callable[[bytes], object], ...] = (
    lambda data: age.recipient_types(io.BytesIO(data)),
    lambda data: age.decrypt(io.BytesIO(data), [IDENTITY]).read(),
    lambda data: read_archive(io.BytesIO(data), max_directory=1 << 20),
    manifest,
    canonical,
    read_card,
    record,
    sshsig.signer,
    lambda data: bech32.decode(text(data)),
    lambda data: kit_entropy(text(data)),
    parse_header,
    lambda data: check_xml([data]),
    lambda data: read_import_manifest(data, Path("/")),
    media_type,
    decode_text,
    to_text,
    fields,
    lambda data: gs1_fields(text(data)),
    lambda data: ins_fields(text(data)),
    lambda data: parse(text(data)),
    lambda data: parse_partial_date(text(data)),
    words,
    lambda data: parse_words("5\t1\t1\t1\t1\t1\t0\t0\t1\t1\t96.5\t" + text(data)),
)


def try_parser(data: bytes) -> None:
    """Give all but the first byte, which chooses, to a parser."""
    if data:
        try:
            PARSERS[data[0] % len(PARSERS)](data[1:])
        except FORESEEN:
            return
