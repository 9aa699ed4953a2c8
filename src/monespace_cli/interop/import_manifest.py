"""The manifest of an import: what a script knows of the files it hands over, as CSV or as one JSON object a line.

It is validated whole before a single file is read: an error names its line and column, never what stands there. Columns that monespace
does not know are kept as they are. What a manifest says wins over what is read from the paper.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any, Final, TypeVar

from monespace_cli.errors import BadManifestError
from monespace_cli.i18n import _
from monespace_cli.record.codes import Kind, type_codes

MAX_SIZE: Final = 64 * 1024 * 1024
"""Bytes: a hundred thousand rows with room to spare."""
MAX_ROWS: Final = 100_000
MAX_VALUE: Final = 10_000
"""Characters of one value."""

MOST_FAULTS: Final = 20
"""Of the lines that are wrong, how many are told."""

Line = TypeVar("Line")
Checked = TypeVar("Checked")

KNOWN: Final = ("path", "kind", "type_code", "date", "practitioner", "title", "tags")


@dataclass(frozen=True, slots=True)
class ManifestRow:
    """What a manifest says of one file; None where it says nothing."""

    line: int
    """Where it stands in the manifest, counted from 1."""
    path: Path
    type_code: str | None
    date: "date | None"
    practitioner: str | None
    title: str | None
    tags: tuple[str, ...]
    given: tuple[tuple[str, str], ...]
    """Every column as it stands there, as (name, value)."""

    @property
    def extra(self) -> tuple[tuple[str, str], ...]:
        """The columns that an import does not know."""
        return tuple((name, value) for name, value in self.given if name not in KNOWN)


def read_import_manifest(data: bytes, folder: Path) -> tuple[ManifestRow, ...]:
    """Return the rows of a manifest; relative paths start at `folder`, that of the manifest itself.

    CSV has a header line, comma or semicolon between columns, and UTF-8 with or without a byte order mark; JSON Lines begins with `{`.
    `tags` are separated by spaces, or a list in JSON. `kind` and `type_code` say the same thing: one of them at most.

    Raises:
        BadManifestError: too large, not in one of the two forms, a column or value that does not fit, or a path twice.
    """
    if len(data) > MAX_SIZE:
        raise bad_manifest(_("the manifest is larger than {size} MiB").format(size=MAX_SIZE // 2**20))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise bad_manifest(_("the manifest is not UTF-8")) from None
    lines = _json_lines(text) if text.lstrip().startswith("{") else _csv_lines(text)
    rows = tuple(each_checked(lines, lambda line: _row(*line, folder)))
    _check_paths(rows)
    return rows


def each_checked(lines: Iterable[Line], check: Callable[[Line], Checked]) -> list[Checked]:
    """Return what a check makes of each line; those that are wrong are told together, so that they are mended in one go.

    Raises:
        BadManifestError: of the first faults, each with its line.
    """
    checked, faults = [], []
    for line in lines:
        try:
            checked.append(check(line))
        except BadManifestError as fault:
            faults.append(fault.message)
    if faults:
        more = _(" (and {count} more)").format(count=len(faults) - MOST_FAULTS) if len(faults) > MOST_FAULTS else ""
        raise bad_manifest("; ".join(faults[:MOST_FAULTS]) + more)
    return checked


def _csv_lines(text: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    head = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=";" if head.count(";") > head.count(",") else ",", strict=True)
    try:
        if not reader.fieldnames or "path" not in reader.fieldnames:
            raise bad_manifest(_("the manifest's first line names no column `path`"))
        for values in reader:
            if None in values or None in values.values():
                raise bad_manifest(_("line {line} has more or fewer columns than the first line").format(line=reader.line_num))
            yield reader.line_num, values
    except csv.Error:
        raise bad_manifest(_("line {line} is not CSV").format(line=reader.line_num)) from None


def _json_lines(text: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for line, content in enumerate(text.splitlines(), 1):
        if content.strip():
            try:
                values = json.loads(content)
            except (ValueError, RecursionError):
                raise bad_manifest(_("line {line} is not JSON").format(line=line)) from None
            if not isinstance(values, dict):
                raise bad_manifest(_("line {line} is not a JSON object").format(line=line))
            yield line, values


def _row(line: int, values: Mapping[str, Any], folder: Path) -> ManifestRow:
    if line > MAX_ROWS + 1:
        raise bad_manifest(_("the manifest has more than {count} lines").format(count=MAX_ROWS))

    def text(column: str) -> str | None:
        value = values.get(column)
        if value is not None and not isinstance(value, str | int | float):
            raise bad_manifest(_("line {line}: `{column}` is neither a text nor a number").format(line=line, column=column))
        if value is not None and len(str(value)) > MAX_VALUE:
            raise bad_manifest(_("line {line}: `{column}` is too long").format(line=line, column=column))
        return str(value).strip() or None if value is not None else None

    path = text("path")
    if path is None or "\x00" in path:
        raise bad_manifest(_("line {line} names no file").format(line=line))
    tags = _tags(line, values.get("tags"))
    return ManifestRow(
        line=line,
        path=folder / PurePosixPath(path),
        type_code=_type_code(line, text("kind"), text("type_code")),
        date=_date(line, text("date")),
        practitioner=text("practitioner"),
        title=text("title"),
        tags=tags,
        given=tuple((name, " ".join(tags) if name == "tags" else text(name) or "") for name in values),
    )


def _type_code(line: int, kind: str | None, type_code: str | None) -> str | None:
    if kind and type_code:
        raise bad_manifest(_("line {line} has both `kind` and `type_code`").format(line=line))
    if kind and kind not in set(Kind):
        raise bad_manifest(_("line {line}: `kind` is none of {kinds}").format(line=line, kinds=", ".join(Kind)))
    if type_code and type_code not in type_codes():
        raise bad_manifest(_("line {line}: `type_code` is not in the nomenclature").format(line=line))
    return Kind(kind).type_code if kind else type_code


def _date(line: int, text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise bad_manifest(_("line {line}: `date` is not of the form 2026-11-23").format(line=line)) from None


def _tags(line: int, value: Any) -> tuple[str, ...]:
    words = value.split() if isinstance(value, str) else value or []
    if not isinstance(words, list) or not all(isinstance(word, str) and len(word) <= MAX_VALUE for word in words):
        raise bad_manifest(_("line {line}: `tags` are not words").format(line=line))
    return tuple(dict.fromkeys(words))


def _check_paths(rows: tuple[ManifestRow, ...]) -> None:
    seen: dict[Path, int] = {}
    for row in rows:
        if row.path in seen:
            raise bad_manifest(_("line {line} names the same file as line {other}").format(line=row.line, other=seen[row.path]))
        seen[row.path] = row.line


def bad_manifest(message: str) -> BadManifestError:
    """Return the error that a manifest is wrong; a message names line and column, never what stands there."""
    return BadManifestError(message, hint=_("nothing was done: put the manifest right and try again"))
