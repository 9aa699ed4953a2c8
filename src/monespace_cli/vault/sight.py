"""Through whose eyes a vault is read: the one low place where what somebody may not see is left out of everything.

Every listing, search, count and look-up of documents, entries and measurements asks it, so that no command can forget to. The rule itself
is `record.access.can_see`. The holder, as nearly always, is asked nothing: nothing is loaded or read for it then.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from monespace_cli.ports import Clock
from monespace_cli.record.document import DocumentId
from monespace_cli.vault.connection import Database

if TYPE_CHECKING:
    from monespace_cli.record.access import Circumstance, Item, Policy
    from monespace_cli.record.actor import Actor
    from monespace_cli.record.document import Document
    from monespace_cli.record.measures import Measure
    from monespace_cli.record.profile import Entry, Version
    from monespace_cli.vault.access import Access

T = TypeVar("T")

ActorOf = Callable[[int], "Actor"]
"""Who looks, as the space of this number sees them."""


@dataclass(frozen=True, slots=True)
class Eyes:
    """Somebody who looks, and in which situation."""

    actor_of: ActorOf
    circumstance: "Circumstance"


class Sight:
    """What may be seen in one vault by whoever looks."""

    def __init__(self, database: Database, access: "Callable[[], Access]", clock: Clock) -> None:
        """Look as the holder, who sees all."""
        self._database = database
        self._access = access
        self._clock = clock
        self._eyes: Eyes | None = None

    @contextmanager
    def of(self, eyes: Eyes) -> Iterator[None]:
        """Look as somebody else meanwhile."""
        before, self._eyes = self._eyes, eyes
        try:
            yield
        finally:
            self._eyes = before

    def look_as(self, eyes: Eyes) -> None:
        """Look as somebody else from now on."""
        self._eyes = eyes

    def hidden_documents(self) -> "dict[int, DocumentId]":
        """Return every document that may not be seen, in the trash or not, as row number to id."""
        if self._eyes is None:
            return {}
        from monespace_cli.vault.document_rows import ITEM_COLUMNS, item_of_row

        rows = self._database.all(f"SELECT {ITEM_COLUMNS}, number FROM document")  # noqa: S608
        items = {int(row[-1]): item_of_row(row) for row in rows}
        seen = {item.id for item in self._seen(list(items.values()), lambda item: item)}
        return {number: DocumentId(item.id) for number, item in items.items() if item.id not in seen}

    def documents(self, documents: "list[Document]") -> "list[Document]":
        """Return those documents that may be seen."""
        from monespace_cli.record.access import item_of_document

        return self._seen(documents, item_of_document)

    def entries(self, entries: "list[Entry]") -> "list[Entry]":
        """Return those entries that may be seen, without their links to documents that may not."""
        if self._eyes is None:
            return entries
        hidden = set(self.hidden_documents().values())
        return [_without(entry, hidden) for entry in self._seen(entries, self._item_of_entry)]

    def versions(self, versions: "list[Version]") -> "list[Version]":
        """Return those versions of entries that may be seen, as :meth:`entries` does."""
        if self._eyes is None:
            return versions
        hidden = set(self.hidden_documents().values())
        seen = self._seen(versions, lambda version: self._item_of_entry(version.entry))
        return [replace(version, entry=_without(version.entry, hidden)) for version in seen]

    def measures(self, measures: "list[Measure]") -> "list[Measure]":
        """Return those measurements that may be seen."""
        from monespace_cli.record.access import item_of_measure

        return self._seen(measures, item_of_measure)

    def hidden_of(self, documents: "tuple[DocumentId, ...]") -> "tuple[DocumentId, ...]":
        """Return those of an entry's links that may not be seen: whoever changes the others leaves these where they are."""
        if self._eyes is None:
            return ()
        hidden = set(self.hidden_documents().values())
        return tuple(document for document in documents if document in hidden)

    def _seen(self, things: list[T], item_of: "Callable[[T], Item]") -> list[T]:
        if self._eyes is None:
            return things
        from monespace_cli.record.access import can_see

        at, eyes = self._clock(), self._eyes
        policies: dict[int, Policy] = {}
        found = []
        for thing in things:
            item = item_of(thing)
            policy = policies.get(item.space) or policies.setdefault(item.space, self._access().policy(item.space))
            if can_see(eyes.actor_of(item.space), item, eyes.circumstance, policy, at).allowed:
                found.append(thing)
        return found

    def _item_of_entry(self, entry: "Entry") -> "Item":
        from monespace_cli.record.access import item_of_entry

        row = self._database.one("SELECT at FROM entry WHERE entry = ? ORDER BY version LIMIT 1", (entry.id,))
        return item_of_entry(entry, datetime.fromisoformat(row[0]) if row else None)


def _without(entry: "Entry", hidden: "set[DocumentId]") -> "Entry":
    """Return an entry without links to some documents, as the one it was taken from."""
    kept = tuple(document for document in entry.documents if document not in hidden)
    origin = replace(entry.origin, document=None) if entry.origin.document in hidden else entry.origin
    return replace(entry, documents=kept, origin=origin) if (kept, origin) != (entry.documents, entry.origin) else entry
