"""From the files that were found to the entries of an import: a file's bytes, or those of each member of an archive.

An entry carries what is said of it, and what is done once its outcome is safely on the disk: a file is moved or deleted only then, and an
archive only when every one of its members is in the vault.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path

from monespace_cli.actions.disposal import KEEP, SOURCE_KEPT, Disposal
from monespace_cli.actions.imported import IN_TRASH, ImportedItem, ItemStatus
from monespace_cli.adapters.ledger import mark_of
from monespace_cli.errors import UnreadableInputError
from monespace_cli.ingest.archive import RefusedMember, Unpacker
from monespace_cli.ingest.detect import is_archive
from monespace_cli.ingest.problems import Code
from monespace_cli.ingest.reader import Reading
from monespace_cli.ingest.walk import FoundFile, Problem, printable, read_bounded
from monespace_cli.record.document import Provenance


@dataclass(frozen=True, slots=True)
class Stated:
    """What a person, a script or a signed bundle says of the papers; it wins over what a machine reads."""

    type_code: str | None = None
    date: "date | None" = None
    practitioner: str | None = None
    title: str | None = None
    tags: tuple[str, ...] = ()
    confidentiality: tuple[str, ...] = ("N",)
    extra: tuple[tuple[str, str], ...] = ()
    """What a manifest says beyond that, as (column, value)."""


NOTHING_STATED = Stated()


def stated_json(stated: Stated) -> str:
    """Return what was said as JSON, so that it is kept until the paper can be taken in."""
    said = asdict(stated)
    return json.dumps({name: value for name, value in said.items() if value != getattr(NOTHING_STATED, name)}, default=str)


def stated_of(text: str) -> Stated:
    """Return what :func:`stated_json` kept."""
    said = json.loads(text)
    return Stated(
        said.get("type_code"),
        date.fromisoformat(said["date"]) if "date" in said else None,
        said.get("practitioner"),
        said.get("title"),
        tuple(said.get("tags", NOTHING_STATED.tags)),
        tuple(said.get("confidentiality", NOTHING_STATED.confidentiality)),
        tuple((column, value) for column, value in said.get("extra", ())),
    )


@dataclass(frozen=True, slots=True)
class ImportRun:
    """How a run treats the files it is given."""

    statements: Mapping[Path, Stated] = field(default_factory=dict)
    """What a manifest says of single files."""
    disposal: Disposal = KEEP
    """What becomes of a file that is in the vault."""
    stop_on_error: bool = False
    dry_run: bool = False
    """Say what would be done, and do nothing."""
    watches: bool = False
    """It goes on until it is asked to end, which is no interruption."""


AS_THEY_ARE = ImportRun()

After = Callable[[ImportedItem | None], Iterable[ImportedItem]]
"""Is called once an entry's outcome is on the disk, and returns what is to be told of it."""


def told_as_it_is(item: ImportedItem | None) -> Iterable[ImportedItem]:
    """Do nothing more with an entry."""
    return [item] if item else []


@dataclass(slots=True)
class Entry:
    """One input on its way into the vault. Without bytes and outcome it only ends an archive."""

    name: str
    """What stands for it in what is told."""
    data: bytes | None = None
    provenance: Provenance = field(default_factory=Provenance)
    stated: Stated = NOTHING_STATED
    item: ImportedItem | None = None
    """What became of it, once that is known."""
    after: After = told_as_it_is
    is_last: bool = True
    """Whether nothing more comes of the same file."""
    sha256: str = ""
    reading: Reading | None = None
    file: int | None = None
    """The number that a run's journal gives its file."""
    follows_twin: bool = False
    """Whether the same bytes are on their way already: what becomes of these is known when they have arrived."""


def entries_of(found: FoundFile | Problem, run: ImportRun, stated: Stated) -> Iterator[Entry]:
    """Yield the entries of one file, read once; of an archive one for each member, unpacked one after the other, and one that ends it."""
    name = printable(found.path)
    if isinstance(found, Problem):
        yield _failed(name, found.code)
        return
    try:
        file = _File(found.path, name, mark_of(found.path.stat()), run.disposal)
        data = read_bounded(found)
    except OSError as problem:
        yield _failed(name, Code.NOT_FOUND if isinstance(problem, FileNotFoundError) else Code.READ_ERROR)
        return
    except UnreadableInputError as problem:
        yield _failed(name, problem.code)
        return
    said = run.statements.get(found.path, stated)
    if not is_archive(data):
        yield Entry(name, data, _provenance(found.path, said), said, after=file.finish)
        return
    for entry in _members(name, data, said):
        yield replace(entry, after=file.keep_member, is_last=False)
    yield Entry(name, after=file.finish_archive)


def _members(name: str, data: bytes, stated: Stated) -> Iterator[Entry]:
    try:
        with Unpacker() as unpacker:
            for member in unpacker.members(data):
                place = f"{name}/{printable(member.name)}"
                if isinstance(member, RefusedMember):
                    yield _failed(place, member.code)
                else:
                    yield Entry(place, member.data, _provenance(Path(member.name), stated), stated)
    except UnreadableInputError as problem:
        yield _failed(name, problem.code)


@dataclass(slots=True)
class _File:
    """A file that is done away with, where that is wanted, when all of it is in the vault."""

    path: Path
    name: str
    mark: str
    """What it looked like when it was read."""
    disposal: Disposal
    members: list[ImportedItem] = field(default_factory=list)

    def finish(self, item: ImportedItem | None) -> Iterator[ImportedItem]:
        """See to the file of one document."""
        if item and _is_kept(item):
            item = replace(item, code=self.disposal.of(self.path, self.mark, item.document or "") or item.code)
        yield from told_as_it_is(item)

    def keep_member(self, item: ImportedItem | None) -> Iterable[ImportedItem]:
        """Remember what became of a member of an archive."""
        self.members += told_as_it_is(item)
        return told_as_it_is(item)

    def finish_archive(self, _item: ImportedItem | None) -> Iterator[ImportedItem]:
        """See to an archive."""
        if all(map(_is_kept, self.members)) and self.disposal.of(self.path, self.mark, self.name):
            yield ImportedItem(self.name, ItemStatus.FAILED, code=SOURCE_KEPT)


def _is_kept(item: ImportedItem) -> bool:
    """Tell whether a file's content is in the vault for good, so that the file itself may go."""
    return item.document is not None and item.code != IN_TRASH


def _failed(name: str, code: str) -> Entry:
    return Entry(name, item=ImportedItem(name, ItemStatus.FAILED, code=code))


def _provenance(path: Path, stated: Stated) -> Provenance:
    return Provenance(source_name=printable(path.name), manifest=stated.extra)
