"""Through whose eyes a vault is read: the one low place where what somebody may not see is left out of everything.

Every listing, search, count and look-up of documents, entries and measurements asks it, so that no command can forget to. The rule itself
is `record.access.can_see`. The holder, as nearly always, is asked nothing: nothing is loaded or read for it then.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, TypeVar

from monespace_cli.ports import Clock
from monespace_cli.record.document import DocumentId
from monespace_cli.vault.connection import Database
from monespace_cli.vault.in_use import SpaceInUse

if TYPE_CHECKING:
    from monespace_cli.record.access import Circumstance, Item, Policy
    from monespace_cli.record.actor import Actor
    from monespace_cli.record.document import Document
    from monespace_cli.record.measures import Measure
    from monespace_cli.record.profile import Entry, Version
    from monespace_cli.vault.access import Access


class _InSpace(Protocol):
    """What lies in a space."""

    @property
    def space(self) -> int: ...


S = TypeVar("S", bound=_InSpace)

ActorOf = Callable[[int], "Actor"]
"""Who looks, as the space of this number sees them."""


@dataclass(frozen=True, slots=True)
class Eyes:
    """Somebody who looks, and in which situation."""

    actor_of: ActorOf
    circumstance: "Circumstance"


class Sight:
    """What may be seen in one vault by whoever looks."""

    def __init__(self, database: Database, access: "Callable[[], Access]", in_use: SpaceInUse, clock: Clock) -> None:
        """Look as the holder, who sees all."""
        self._database = database
        self._access = access
        self._in_use = in_use
        self._clock = clock
        self._eyes: Eyes | None = None
        self._is_narrow = False

    @contextmanager
    def of(self, eyes: Eyes) -> Iterator[None]:
        """Look as somebody else meanwhile."""
        before, self._eyes = self._eyes, eyes
        try:
            yield
        finally:
            self._eyes = before

    def look_as(self, eyes: Eyes) -> None:
        """Look as somebody else from now on, and at the space in use alone where no other is asked for by its number."""
        self._eyes = eyes
        self._is_narrow = True

    def look_everywhere(self) -> None:
        """Look at all spaces from now on: those that whoever looks may see."""
        self._is_narrow = False

    def spaces(self, wanted: "tuple[int, ...] | None") -> "tuple[int, ...] | None":
        """Return the spaces that a listing is about: those that were asked for, else the one in use; None is all of them."""
        return (self._in_use.number,) if wanted is None and self._is_narrow else wanted

    def here(self, found: list[S]) -> list[S]:
        """Return what lies in the space in use: an id that somebody types means something there, or nothing."""
        return [thing for thing in found if thing.space == self._in_use.number] if self._is_narrow else found

    def hidden_documents(self, spaces: "tuple[int, ...] | None" = None) -> "dict[int, DocumentId]":
        """Return every document (of some spaces, where any are given) that may not be seen, in the trash or not, as row number to id."""
        if self._eyes is None:
            return {}
        every = [number for (number,) in self._database.all("SELECT id FROM space")] if spaces is None else spaces
        return {number: document for space in every for number, document in self._hidden_in(space, self._eyes)}

    def _hidden_in(self, space: int, eyes: Eyes) -> "Iterator[tuple[int, DocumentId]]":
        from monespace_cli.record.access import sees_whole
        from monespace_cli.vault.document_rows import ITEM_COLUMNS, item_of_row

        actor, policy = eyes.actor_of(space), self._access().policy(space)
        if sees_whole(actor, policy):
            return
        coded = """AND confidentiality <> '["N"]'""" if sees_whole(actor, policy, has_codes=False) else ""
        rows = self._database.all(f"SELECT {ITEM_COLUMNS}, number FROM document WHERE space = ? {coded}", (space,))  # noqa: S608
        items = {int(row[-1]): item_of_row(row) for row in rows}
        seen = {item.id for item in self._seen(list(items.values()), lambda item: item)}
        yield from ((number, DocumentId(item.id)) for number, item in items.items() if item.id not in seen)

    def documents(self, documents: "list[Document]") -> "list[Document]":
        """Return those documents that may be seen."""
        from monespace_cli.record.access import item_of_document

        return self._seen(documents, item_of_document)

    def entries(self, entries: "list[Entry]") -> "list[Entry]":
        """Return those entries that may be seen, without their links to documents that may not."""
        if self._eyes is None:
            return entries
        hidden = set(self.hidden_documents(tuple({entry.space for entry in entries})).values())
        return [_without(entry, hidden) for entry in self._seen(entries, self._item_of_entry, has_codes=False)]

    def versions(self, versions: "list[Version]") -> "list[Version]":
        """Return those versions of entries that may be seen, as :meth:`entries` does."""
        if self._eyes is None:
            return versions
        hidden = set(self.hidden_documents().values())
        seen = {entry.id for entry in self._seen([version.entry for version in versions], self._item_of_entry, has_codes=False)}
        return [replace(version, entry=_without(version.entry, hidden)) for version in versions if version.entry.id in seen]

    def measures(self, measures: "list[Measure]") -> "list[Measure]":
        """Return those measurements that may be seen."""
        from monespace_cli.record.access import item_of_measure

        return self._seen(measures, item_of_measure, has_codes=False)

    def hidden_of(self, documents: "tuple[DocumentId, ...]") -> "tuple[DocumentId, ...]":
        """Return those of an entry's links that may not be seen: whoever changes the others leaves these where they are."""
        if self._eyes is None:
            return ()
        hidden = set(self.hidden_documents().values())
        return tuple(document for document in documents if document in hidden)

    def _seen(self, things: list[S], item_of: "Callable[[S], Item]", *, has_codes: bool = True) -> list[S]:
        """Return what may be seen; `has_codes` tells whether such things can be hidden from representatives."""
        if self._eyes is None:
            return things
        from monespace_cli.record.access import can_see, sees_whole

        at, eyes = self._clock(), self._eyes
        views: dict[int, tuple[Actor, Policy, bool]] = {}
        found = []
        for thing in things:
            if thing.space not in views:
                actor, policy = eyes.actor_of(thing.space), self._access().policy(thing.space)
                views[thing.space] = actor, policy, sees_whole(actor, policy, has_codes=has_codes)
            actor, policy, is_whole = views[thing.space]
            if is_whole or can_see(actor, item_of(thing), eyes.circumstance, policy, at).allowed:
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
