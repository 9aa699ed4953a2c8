"""Who may see what: the actor that a contact is, and the visible part of a record for somebody."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from monespace_cli.record.access import Circumstance, Item, Policy, can_see, item_of_document, item_of_entry, item_of_measure
from monespace_cli.record.actor import Actor, Decision, Relation
from monespace_cli.record.card import Contact
from monespace_cli.record.document import Document
from monespace_cli.record.measures import Measure
from monespace_cli.record.profile import Entry
from monespace_cli.vault.documents import Filter
from monespace_cli.vault.spaces import OWNER_SPACE
from monespace_cli.vault.vault import Vault

T = TypeVar("T")


def actor_of_contact(contact: Contact) -> Actor:
    """Return who a contact is to the rules."""
    card = contact.card
    relation = Relation.PRACTITIONER if card.profession else Relation.NONE
    return Actor(card.fingerprint, card.display_name, relation, card.profession)


@dataclass(frozen=True, slots=True)
class Judged(Generic[T]):
    """Something, and whether somebody may see it."""

    thing: T
    decision: Decision


@dataclass(frozen=True, slots=True)
class View:
    """Through whose eyes a space is looked at: everything that is handed to somebody passes through one."""

    actor: Actor
    policy: Policy
    at: datetime
    circumstance: Circumstance = Circumstance.NORMAL

    def judge(self, item: Item) -> Decision:
        """Return whether the actor may see an item."""
        return can_see(self.actor, item, self.circumstance, self.policy, self.at)

    def documents(self, documents: Iterable[Document]) -> list[Judged[Document]]:
        """Return documents, each with whether it may be seen."""
        return self._judged(documents, item_of_document)

    def entries(self, entries: Iterable[Entry]) -> list[Judged[Entry]]:
        """Return entries of the medical profile, each with whether it may be seen."""
        return self._judged(entries, item_of_entry)

    def measures(self, measures: Iterable[Measure]) -> list[Judged[Measure]]:
        """Return measurements, each with whether it may be seen."""
        return self._judged(measures, item_of_measure)

    def _judged(self, things: Iterable[T], item_of: Callable[[T], Item]) -> list[Judged[T]]:
        return [Judged(thing, self.judge(item_of(thing))) for thing in things]


def visible(judged: Iterable[Judged[T]]) -> list[T]:
    """Return what may be seen."""
    return [each.thing for each in judged if each.decision.allowed]


def view_of(vault: Vault, actor: Actor, at: datetime, space: int = OWNER_SPACE, circumstance: Circumstance = Circumstance.NORMAL) -> View:
    """Return a space as somebody sees it at a moment."""
    return View(actor, vault.access.policy(space), at, circumstance)


@dataclass(frozen=True, slots=True)
class Preview:
    """What somebody would get of a space, and what is left out and why."""

    view: View
    documents: tuple[Judged[Document], ...]
    entries: tuple[Judged[Entry], ...]
    measures: tuple[Judged[Measure], ...]


def preview(vault: Vault, view: View) -> Preview:
    """Return all of a space that is not in the trash, each with whether it may be seen."""
    space = view.policy.space
    return Preview(
        view,
        tuple(view.documents(vault.documents.all(Filter(spaces=(space,))))),
        tuple(view.entries(vault.profile.entries(space))),
        tuple(view.measures(vault.measures.all(space))),
    )
