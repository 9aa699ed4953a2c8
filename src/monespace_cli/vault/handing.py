"""All that a vault holds of one space, as rows to hand over, and such rows taken in (docs/formats/handover-v1.md).

Who hands a space over may not see all of it, and all of it belongs to whom it is about: nothing here asks what the reader may see.
Received rows are outside data. Each is made into what the record knows, which checks it, and written from that; none is written as it came.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from monespace_cli.errors import UsageError
from monespace_cli.record.access import EmergencySwitches, Grant
from monespace_cli.record.document import Candidate, CandidateState, Document, DocumentId, Page, TextSource
from monespace_cli.record.identity import Profession
from monespace_cli.record.journal import Event, JournalEntry
from monespace_cli.record.measures import Measure
from monespace_cli.record.practitioner import CareRole, Practitioner
from monespace_cli.record.profile import Version, check_entry
from monespace_cli.vault.access import Access, Basis
from monespace_cli.vault.candidates import StoredCandidate
from monespace_cli.vault.connection import Database
from monespace_cli.vault.document_rows import COLUMNS as DOCUMENT_COLUMNS
from monespace_cli.vault.document_rows import document_of
from monespace_cli.vault.journal import Journal
from monespace_cli.vault.measures import COLUMNS as MEASURE_COLUMNS
from monespace_cli.vault.measures import measure_of, measure_row
from monespace_cli.vault.practitioners import FIELDS, Practitioners
from monespace_cli.vault.profile import COLUMNS as VERSION_COLUMNS
from monespace_cli.vault.profile import content_text, version_of

Row = dict[str, str | int | None]
Rows = dict[str, list[Row]]

_ITEMS = (
    "(SELECT id FROM document WHERE space = :space UNION SELECT entry FROM entry WHERE space = :space "
    "UNION SELECT id FROM measure WHERE space = :space)"
)
_PEOPLE = (
    "(SELECT contact FROM access_grant WHERE space = :space UNION SELECT contact FROM access_block WHERE space = :space "
    "UNION SELECT person FROM care_role WHERE space = :space UNION SELECT value FROM access_mask, json_each(named) WHERE space = :space "
    "UNION SELECT provenance ->> 'signer' FROM document WHERE space = :space)"
)

COLUMNS: Final = {
    "document": tuple(name for name in DOCUMENT_COLUMNS.split(", ") if name != "space"),
    "page": ("document", "number", "text", "confidence", "source", "steps"),
    "candidate": ("document", "number", "field", "value", "confidence", "page", "line", "details", "state"),
    "superseded": ("document", "successor", "by", "at"),
    "entry": ("entry", "section", "version", "content", "change", "restores", "at"),
    "measure": ("id", "kind", "value", "typed", "day", "time", "comment", "origin", "removed_at", "added_at"),
    "contact": ("card",),
    "practitioner": FIELDS,
    "care_role": ("role", "person"),
    "access_grant": ("basis", "contact", "start_at", "end_at", "sees_masked", "since"),
    "access_block": ("contact",),
    "access_emergency": ("samu", "others", "masked"),
    "access_mask": ("item", "named"),
    "journal": ("at", "actor", "event", "subject", "details"),
}
"""What is handed over, by the table it is in; columns are those of docs/formats/vault-v1.md. Numbers with fractions are texts."""

_WHOLE: Final = frozenset(
    ("size", "page_count", "number", "page", "line", "version", "restores", "sees_masked", "samu", "others", "masked")
)
_OPTIONAL: Final = frozenset(
    "date deleted_at successor restores time removed_at rpps adeli finess fingerprint start_at end_at since".split()  # noqa: SIM905 - read at a glance
)
"""Of all these columns, those that hold whole numbers, and those that may be null; the others hold texts."""

_KEYS: Final = {
    "document": ("id",),
    "page": ("document", "number"),
    "candidate": ("document", "number"),
    "superseded": ("document",),
    "entry": ("entry", "version"),
    "measure": ("id",),
    "practitioner": ("id",),
}
"""What names a row among the others of its table, where two of the same could not be written."""

_ON_BEHALF: Final = "for"
"""What a line says of the space that somebody acted in, by a number that means nothing in another vault."""

_JOINED: Final = {
    "page": "SELECT document.id, page.number, text, printf('%.17g', page.confidence), source, steps FROM page "
    "JOIN document ON document.number = page.document WHERE space = :space ORDER BY document.number, page.number",
    "candidate": "SELECT document.id, candidate.number, field, value, printf('%.17g', candidate.confidence), page, line, details, state "
    "FROM candidate JOIN document ON document.number = candidate.document WHERE space = :space ORDER BY document.number, candidate.number",
    "superseded": "SELECT document.id, (SELECT id FROM document WHERE number = superseded.successor), by, superseded.at FROM superseded "
    "JOIN document ON document.number = superseded.document WHERE space = :space ORDER BY document.number",
    "contact": f"SELECT CAST(card AS TEXT) FROM contact WHERE fingerprint IN {_PEOPLE} ORDER BY fingerprint",  # noqa: S608
    "practitioner": f"SELECT {', '.join(FIELDS)} FROM practitioner WHERE coalesce(fingerprint, id) IN {_PEOPLE} ORDER BY id",  # noqa: S608
    "journal": f"SELECT {', '.join(COLUMNS['journal'])} FROM journal WHERE subject IN {_ITEMS} ORDER BY sequence",  # noqa: S608
}
"""Of what has no space of its own, what belongs to one."""


class LaterEventError(Exception):
    """A line of the other vault's journal tells of something that only a later release knows."""


UNFIT = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError, UsageError)
"""What reading a row raises that is none."""


@dataclass(frozen=True, slots=True)
class HandedDocument:
    """A document that was handed over, without its bytes."""

    document: Document
    pages: tuple[Page, ...]
    candidates: tuple[StoredCandidate, ...] = ()
    """What a machine proposed of it, and what a person made of that."""


@dataclass(frozen=True, slots=True)
class HandedRecord:
    """Received rows that are what the record knows."""

    documents: tuple[HandedDocument, ...]
    versions: tuple[Version, ...]
    measures: tuple[tuple[Measure, str], ...]
    """With the moment each was added at."""
    cards: tuple[bytes, ...]
    practitioners: tuple[Practitioner, ...]
    roles: tuple[tuple[str, CareRole], ...]
    grants: tuple[tuple[Basis, Grant], ...]
    blocked: tuple[str, ...]
    emergency: EmergencySwitches | None
    masks: tuple[tuple[str, tuple[str, ...]], ...]
    superseded: tuple[tuple[str, str | None, str, str], ...]
    journal: tuple[Row, ...]


def record_of_rows(rows: Mapping[str, Sequence[Mapping[str, Any]]], space: int) -> HandedRecord:
    """Return what received rows say, for a space here.

    Raises:
        LaterEventError: a later release wrote them.
        UNFIT: they are not what such rows can be; the texts of these errors are not for people.
    """
    _check(rows)
    versions = tuple(version_of(_values({**row, "space": space}, VERSION_COLUMNS)) for row in rows["entry"])
    for version in versions:
        if not version.entry.is_removed:
            check_entry(version.entry)
    switches = [EmergencySwitches(*(bool(row[name]) for name in ("samu", "others", "masked"))) for row in rows["access_emergency"]]
    return HandedRecord(
        documents=tuple(_documents(rows, space)),
        versions=versions,
        measures=tuple(
            (measure_of(_values({**row, "space": space}, MEASURE_COLUMNS)), _moment(row["added_at"]).isoformat()) for row in rows["measure"]
        ),
        cards=tuple(row["card"].encode() for row in rows["contact"]),
        practitioners=tuple(
            Practitioner(**{**{name: row[name] for name in FIELDS}, "profession": Profession(row["profession"])})
            for row in rows["practitioner"]
        ),
        roles=tuple((row["person"], CareRole(row["role"])) for row in rows["care_role"]),
        grants=tuple(_grant(row) for row in rows["access_grant"]),
        blocked=tuple(row["contact"] for row in rows["access_block"]),
        emergency=switches[0] if switches else None,
        masks=tuple((row["item"], tuple(map(_text, json.loads(row["named"])))) for row in rows["access_mask"]),
        superseded=tuple((row["document"], row["successor"], row["by"], _moment(row["at"]).isoformat()) for row in rows["superseded"]),
        journal=tuple(_line(row) for row in rows["journal"]),
    )


class Handing:
    """Reads all of a space, and writes what was handed over into one; the caller sees to the documents' bytes and to cards."""

    def __init__(self, database: Database, journal: Journal, practitioners: Practitioners, access: Access) -> None:
        """Work with the vault's open parts."""
        self._database = database
        self._journal = journal
        self._practitioners = practitioners
        self._access = access

    def rows_of(self, space: int) -> Rows:
        """Return all that is held of a space."""
        found: Rows = {}
        for table in COLUMNS:
            rows = self._database.all(_query(table).replace(":space", str(int(space))))
            found[table] = [dict(zip(COLUMNS[table], row, strict=True)) for row in rows]
        return found

    def is_empty(self, space: int) -> bool:
        """Tell whether nothing was put into a space yet."""
        tables = ("document", "entry", "measure")
        return not any(self._database.one(f"SELECT 1 FROM {table} WHERE space = ? LIMIT 1", (space,)) for table in tables)  # noqa: S608

    def former_journal(self, limit: int | None = None) -> list[JournalEntry]:
        """Return the last `limit` lines (all without one) of what was handed over of another vault's journal, oldest first."""
        rows = self._database.all(
            "SELECT number, at, actor, event, subject, details FROM former_journal ORDER BY number DESC LIMIT ?",
            (-1 if limit is None else limit,),
        )
        return [
            JournalEntry(number, datetime.fromisoformat(at), actor, Event(event), subject, json.loads(details))
            for number, at, actor, event, subject, details in reversed(rows)
        ]

    def put(self, record: HandedRecord, space: int, sender: str) -> None:
        """Write all but the documents themselves, as it was; what is said of documents needs them to be there."""
        self._put_entries(record.versions, space)
        self._put_measures(record.measures)
        for practitioner in record.practitioners:
            self._practitioners.put(practitioner)
        self._put_access(record, space)
        for document, successor, by, at in record.superseded:
            self._database.execute(
                "INSERT INTO superseded (document, successor, by, at) SELECT number, (SELECT number FROM document WHERE id = ?), ?, ? "
                "FROM document WHERE id = ?",
                (successor, by, at, document),
            )
        self._database.insert_many(
            "INSERT INTO former_journal (at, actor, event, subject, details) VALUES (?, ?, ?, ?, ?)",
            [tuple(line.values()) for line in record.journal],
        )
        self._journal.write(Event.SPACE_TAKEN_OVER, sender, documents=str(len(record.documents)), entries=str(len(record.versions)))

    def _put_entries(self, versions: Sequence[Version], space: int) -> None:
        last = {version.entry.id: version.number for version in versions}
        self._database.insert_many(
            f"INSERT INTO entry ({VERSION_COLUMNS}, is_current) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
            [
                (
                    version.entry.id,
                    space,
                    str(version.entry.section),
                    version.number,
                    content_text(version.entry),
                    str(version.change),
                    version.restores,
                    version.at.isoformat(),
                    version.number == last[version.entry.id],
                )
                for version in versions
            ],
        )

    def _put_measures(self, measures: Sequence[tuple[Measure, str]]) -> None:
        self._database.insert_many(
            f"INSERT INTO measure ({MEASURE_COLUMNS}, added_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
            [(*measure_row(measure), added) for measure, added in measures],
        )

    def _put_access(self, record: HandedRecord, space: int) -> None:
        for person, role in record.roles:
            self._database.execute("INSERT OR REPLACE INTO care_role (space, role, person) VALUES (?, ?, ?)", (space, str(role), person))
        for basis, grant in record.grants:
            self._access.grant(basis, grant, space)
        for contact in record.blocked:
            self._access.block(contact, space)
        if record.emergency:
            self._access.switch_emergency(record.emergency, space)
        for item, named in record.masks:
            self._access.hide(item, named, space)


def _check(rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    for table in COLUMNS:
        for row in rows[table]:
            for name, value in row.items():
                if not isinstance(value, int if name in _WHOLE else str) and not (value is None and name in _OPTIONAL):
                    raise TypeError("a value of another type")
    for table, key in _KEYS.items():
        if len({tuple(row[name] for name in key) for row in rows[table]}) != len(rows[table]):
            raise ValueError("the same thing twice")


def _documents(rows: Mapping[str, Sequence[Mapping[str, Any]]], space: int) -> Iterator[HandedDocument]:
    pages: dict[str, list[Page]] = {}
    for row in rows["page"]:
        page = Page(row["number"], row["text"], _share(row["confidence"]), TextSource(row["source"]), tuple(row["steps"].split()))
        pages.setdefault(row["document"], []).append(page)
    candidates: dict[str, list[StoredCandidate]] = {}
    for row in rows["candidate"]:
        candidates.setdefault(row["document"], []).append(_candidate(row))
    for row in rows["document"]:
        document = document_of(_values({**row, "space": space}, DOCUMENT_COLUMNS))
        if not all(isinstance(each, str) for each in (*document.tags, *document.confidentiality)):
            raise TypeError("a list of other things than texts")
        yield HandedDocument(
            replace(document, id=DocumentId(document.id), confidence=_share(row["confidence"])),
            tuple(pages.pop(document.id, ())),
            tuple(candidates.pop(document.id, ())),
        )
    if pages or candidates:
        raise ValueError("pages or proposals of a document that is not there")


def _candidate(row: Mapping[str, Any]) -> StoredCandidate:
    details = tuple((_text(name), _text(value)) for name, value in json.loads(row["details"]).items())
    if row["page"] < 1 or row["line"] < 0 or not re.fullmatch("[a-z0-9-]{1,40}", row["field"]):
        raise ValueError("a proposal of nothing, or from nowhere")
    found = Candidate(row["field"], row["value"], _share(row["confidence"]), row["page"], row["line"], details)
    return StoredCandidate(row["number"], found, CandidateState(row["state"]))


def _query(table: str) -> str:
    """Return the query for COLUMNS of a space."""
    columns = ", ".join(COLUMNS[table])
    order = "number" if table in ("document", "entry", "measure") else columns
    exact = columns.replace("confidence,", "printf('%.17g', confidence),")
    return _JOINED.get(table, f"SELECT {exact} FROM {table} WHERE space = :space ORDER BY {order}")  # noqa: S608


def _values(row: Mapping[str, Any], columns: str) -> tuple[Any, ...]:
    return tuple(row[name] for name in columns.split(", "))


def _grant(row: Mapping[str, Any]) -> tuple[Basis, Grant]:
    start, end, since = (_moment(row[name]) if row[name] else None for name in ("start_at", "end_at", "since"))
    return Basis(row["basis"]), Grant(row["contact"], start, end, bool(row["sees_masked"]), since)


def _line(row: Mapping[str, Any]) -> Row:
    """Return a line of the other vault's journal. Nothing of it is chained here: it is what the sender says."""
    said = {_text(name): _text(value) for name, value in json.loads(row["details"]).items() if name != _ON_BEHALF}
    details = json.dumps(said, ensure_ascii=False)
    if row["event"] not in set(Event):
        raise LaterEventError
    line = {"actor": row["actor"], "event": row["event"], "subject": row["subject"]}
    return {"at": _moment(row["at"]).isoformat(), **line, "details": details}


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value


def _share(value: str) -> float:
    share = float(value)
    if not 0 <= share <= 1:
        raise ValueError("not from 0 to 1")
    return share


def _moment(value: str) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError("a moment without its time zone")
    return moment
