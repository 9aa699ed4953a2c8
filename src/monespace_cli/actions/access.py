"""Who may see what: somebody's view of a record, who sees an item and by which rule, hiding and showing, and opening in an emergency."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from monespace_cli.actions.directory import Known, everybody
from monespace_cli.errors import NotAllowedError, NotFoundError, UsageError
from monespace_cli.i18n import _
from monespace_cli.record.access import (
    HIDDEN_FROM_REPRESENTATIVES,
    MASKABLE_SECTIONS,
    MASKED,
    MEASURE,
    PROFILE,
    Circumstance,
    Item,
    Policy,
    Reason,
    can_see,
    handing_over,
    is_open,
    item_of_document,
    item_of_entry,
    item_of_measure,
)
from monespace_cli.record.actor import Actor, Decision, Relation
from monespace_cli.record.document import Document
from monespace_cli.record.identity import Profession
from monespace_cli.record.journal import Event
from monespace_cli.record.measures import Measure
from monespace_cli.record.people import is_of_age
from monespace_cli.record.profile import Entry
from monespace_cli.vault.documents import Filter
from monespace_cli.vault.sight import Eyes
from monespace_cli.vault.vault import Vault

T = TypeVar("T")

ANYBODY = "*"
"""Stands for a practitioner whom nobody named: the id of no actor."""


@dataclass(frozen=True, slots=True)
class Judged(Generic[T]):
    """Something, and whether somebody may see it."""

    thing: T
    decision: Decision


@dataclass(frozen=True, slots=True)
class View:
    """A space through somebody's eyes, at a moment and in a situation."""

    actor: Actor
    policy: Policy
    at: datetime
    circumstance: Circumstance = Circumstance.NORMAL

    def judge(self, item: Item) -> Decision:
        """Return whether the actor may see an item."""
        return can_see(self.actor, item, self.circumstance, self.policy, self.at)

    def documents(self, documents: Iterable[Document]) -> list[Judged[Document]]:
        """Return documents, each with whether it may be seen."""
        return [Judged(document, self.judge(item_of_document(document))) for document in documents]


def visible(judged: Iterable[Judged[T]]) -> list[T]:
    """Return what may be seen."""
    return [each.thing for each in judged if each.decision.allowed]


def view_of(vault: Vault, actor: Actor, at: datetime, space: int | None = None, circumstance: Circumstance = Circumstance.NORMAL) -> View:
    """Return a space as somebody sees it at a moment."""
    space = vault.space_in_use.or_this(space)
    return View(actor, vault.access.policy(space), at, circumstance)


def eyes_of(actor: Actor, circumstance: Circumstance = Circumstance.NORMAL) -> Eyes:
    """Return the eyes for `vault.sight.of`: inside it, whatever the vault gives is what this actor may see."""
    return Eyes(lambda _space: actor, circumstance)


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
    documents = view.documents(vault.documents.all(Filter(spaces=(space,))))
    return Preview(view, tuple(documents), tuple(judged_entries(vault, view)), tuple(judged_measures(vault, view)))


def judged_entries(vault: Vault, view: View) -> list[Judged[Entry]]:
    """Return the entries of the profile, each with whether it may be seen."""
    space = view.policy.space
    first_said = {version.entry.id: version.at for version in vault.profile.versions(space) if version.number == 1}
    return [Judged(entry, view.judge(item_of_entry(entry, first_said.get(entry.id)))) for entry in vault.profile.entries(space)]


def judged_measures(vault: Vault, view: View) -> list[Judged[Measure]]:
    """Return the measurements, each with whether it may be seen."""
    return [Judged(measure, view.judge(item_of_measure(measure))) for measure in vault.measures.all(view.policy.space)]


@dataclass(frozen=True, slots=True)
class Found:
    """An item that somebody named: a document, an entry, a measurement or a whole section."""

    item: Item
    kind: str
    """`document`, `entry`, `measure` or `section`."""
    title: str

    @property
    def name(self) -> str:
        """What masks know it by."""
        return self.item.section if self.kind == "section" else self.item.id


def find_item(vault: Vault, name: str, space: int | None = None) -> Found:
    """Return what a section's name, or the beginning of an id, means.

    Raises:
        NotFoundError: nothing, or more than one thing.
    """
    space = vault.space_in_use.or_this(space)
    if name in MASKABLE_SECTIONS:
        return Found(Item(name, space, MEASURE if name == MEASURE else PROFILE, section=name), "section", name)
    found: list[Found] = []
    problem = NotFoundError(
        _("nothing has this id"), hint=_("give the id of a document, an entry or a measurement, or a section such as allergy")
    )
    for look in (_document, _entry, _measure):
        try:
            found.append(look(vault, name))
        except NotFoundError:
            continue
    if len(found) != 1:
        raise problem
    return found[0]


def _document(vault: Vault, name: str) -> Found:
    document = vault.documents.find(name)
    return Found(item_of_document(document), "document", document.title)


def _entry(vault: Vault, name: str) -> Found:
    entry = vault.profile.find(name)
    said = [version.at for version in vault.profile.history(entry.id)]
    return Found(item_of_entry(entry, said[0]), "entry", entry.text)


def _measure(vault: Vault, name: str) -> Found:
    measure = vault.measures.find(name)
    return Found(item_of_measure(measure), "measure", f"{measure.kind.name} {measure.text} {measure.kind.unit}")


@dataclass(frozen=True, slots=True)
class Seer:
    """Somebody, a situation, and whether they may see an item then."""

    actor: Actor
    circumstance: Circumstance
    decision: Decision


def who_sees(vault: Vault, item: Item, holder: Actor, at: datetime) -> list[Seer]:
    """Return everybody whom the vault knows, and those whom nobody named, with whether they may see an item and by which rule."""
    policy = vault.access.policy(item.space)
    known = [each.actor for each in everybody(vault, item.space)]
    other = somebody(Profession.PHYSICIAN)
    looks = [(holder, Circumstance.NORMAL)]
    if not is_of_age(vault.spaces.owner(item.space), at.astimezone().date()):
        looks.append((Actor("", "", Relation.REPRESENTATIVE), Circumstance.NORMAL))
    looks += [(actor, Circumstance.NORMAL) for actor in (*known, other)]
    looks += [(other, circumstance) for circumstance in (Circumstance.EMERGENCY_SAMU, Circumstance.EMERGENCY_OTHER)]
    return [Seer(actor, circumstance, can_see(actor, item, circumstance, policy, at)) for actor, circumstance in looks]


def somebody(profession: Profession) -> Actor:
    """Return a practitioner whom nobody named."""
    return Actor(ANYBODY, "", Relation.PRACTITIONER, profession)


def hide_document(vault: Vault, document: Document, named: Iterable[Known] = (), *, from_representatives: bool = False) -> Document:
    """Hide a document from all but its author and who is named; or, of a minor's, from their legal representatives."""
    code = HIDDEN_FROM_REPRESENTATIVES if from_representatives else MASKED
    with vault.database.transaction():
        if not from_representatives:
            vault.access.hide(document.id, [each.id for each in named], document.space)
        return vault.documents.edit(document, confidentiality=tuple(dict.fromkeys((*document.confidentiality, code))))


def unhide_document(vault: Vault, document: Document, *, from_representatives: bool = False) -> Document:
    """Take the mask away again.

    Raises:
        UsageError: there is none.
    """
    code = HIDDEN_FROM_REPRESENTATIVES if from_representatives else MASKED
    if code not in document.confidentiality:
        raise UsageError(_("this is not hidden"), hint=_("`monespace access who-sees ITEM` says who sees it, and why"))
    with vault.database.transaction():
        if not from_representatives:
            vault.access.unhide(document.id, document.space)
        kept = tuple(each for each in document.confidentiality if each != code)
        return vault.documents.edit(document, confidentiality=kept or ("N",))


def unhide_item(vault: Vault, found: Found) -> None:
    """Show an entry, a measurement or a section again.

    Raises:
        UsageError: it is not hidden.
    """
    if not vault.access.unhide(found.name, found.item.space):
        raise UsageError(_("this is not hidden"), hint=_("`monespace access who-sees ITEM` says who sees it, and why"))


def require_may_get(vault: Vault, documents: Iterable[Document], actor: Actor, at: datetime) -> None:
    """See that documents which the holder picked out may go to somebody: that is consent, but no block and no mask gives way to it.

    Raises:
        NotAllowedError: the person is blocked, or a document is hidden from them.
    """
    for document in documents:
        policy = handing_over(vault.access.policy(document.space), actor.id)
        decision = can_see(actor, item_of_document(document), Circumstance.NORMAL, policy, at)
        if decision.reason == Reason.BLOCKED:
            raise NotAllowedError(_("you blocked this person"), hint=_("`monespace access unblock NAME` ends that"))
        if not decision.allowed:
            raise NotAllowedError(
                _("a document is hidden from this person: {id}").format(id=document.id),
                hint=_("`monespace document hide ID --except NAME` lets them see it, `document unhide ID` everybody with access"),
            )


def open_in_emergency(vault: Vault, view: View, reason: str) -> Preview:
    """Open a space in an emergency. The journal notes it before anything is shown, also where nothing may be.

    Raises:
        NotAllowedError: the person is blocked, or the holder switched this off.
    """
    is_let_in = is_open(view.actor, view.circumstance, view.policy, view.at)
    vault.journal.write(
        Event.EMERGENCY_OPENED,
        "" if view.actor.id == ANYBODY else view.actor.id,
        circumstance=str(view.circumstance),
        reason=reason,
        opened="yes" if is_let_in else "no",
        space=str(view.policy.space),
    )
    if not is_let_in:
        raise NotAllowedError(
            _("the holder does not let this record be opened so, even in an emergency"), hint=_("the attempt is in the journal")
        )
    return preview(vault, view)
