"""`RECORD.json`: a person's whole record as data, in a handover (docs/formats/handover-v1.md). What its rows mean is `vault.handing`'s."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from monespace_cli.errors import BundleError, NewerFormatError
from monespace_cli.i18n import _
from monespace_cli.sync.canonical import FormatError, Json, from_canonical, to_canonical
from monespace_cli.sync.fields import Fields
from monespace_cli.sync.limits import LIMITS

FORMAT: Final = "monespace-record"
VERSION: Final = 2
ADDED: Final = {"candidate": 2}
"""The version that a table came with; a record of an earlier one has nothing of it."""

Tables = dict[str, list[dict[str, str | int | None]]]


def record_bytes(tables: Mapping[str, Sequence[Mapping[str, str | int | None]]]) -> bytes:
    """Return `RECORD.json`."""
    rows: dict[str, Json] = {table: [dict(row) for row in rows] for table, rows in tables.items()}
    return to_canonical({"format": FORMAT, "version": VERSION, "tables": rows})


def read_record(data: bytes, columns: Mapping[str, frozenset[str]]) -> Tables:
    """Return the rows of each table, each with exactly its columns; what they hold is checked by whoever takes them in.

    Raises:
        BundleError: not in the format.
        NewerFormatError: of a later version.
    """
    try:
        fields = Fields(from_canonical(data, max_size=LIMITS.record))
        if fields.matching("format", ".{1,64}") != FORMAT:
            raise FormatError("another format")
        version = fields.integer("version", least=1, most=LIMITS.counter)
        if version > VERSION:
            raise newer_record()
        tables = fields.take("tables")
        fields.end()
        if not isinstance(tables, dict) or tables.keys() != {table for table in columns if ADDED.get(table, 1) <= version}:
            raise FormatError("other tables")
        return {table: [_row(row, columns[table]) for row in _list(tables.get(table, []))] for table in columns}
    except FormatError:
        raise unfit_record() from None


def newer_record() -> NewerFormatError:
    """Return the error that a record says what only a later release knows."""
    return NewerFormatError(_("this record was written by a newer monespace"), hint=_("update monespace, and take it in then"))


def unfit_record() -> BundleError:
    """Return the error that a record is not in the form that it must have."""
    return BundleError(_("the record in the bundle is not in the form that it must have"), hint=_("ask the sender for a new one"))


def _list(value: Json) -> list[Json]:
    if not isinstance(value, list):
        raise FormatError("not a list")
    return value


def _row(value: Json, columns: frozenset[str]) -> dict[str, Any]:
    if not isinstance(value, dict) or value.keys() != columns:
        raise FormatError("other columns")
    if not all(isinstance(each, str | int | None) for each in value.values()):
        raise FormatError("a value that is no text and no number")
    return value
