"""The spaces of a family: made, shown, edited, erased, and a document moved from one to another."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from monespace_cli.actions.erasing import Erased, erase
from monespace_cli.errors import NotAllowedError, UsageError
from monespace_cli.i18n import _
from monespace_cli.record.actor import Relation
from monespace_cli.record.document import Document
from monespace_cli.record.identity import Identity, Match, is_adult, match_identity
from monespace_cli.record.journal import Event
from monespace_cli.record.life import LifeEvent
from monespace_cli.record.people import OWNER, PersonKnown, SpaceKind, Tie
from monespace_cli.record.rights import Act
from monespace_cli.vault.vault import Vault


@dataclass(frozen=True, slots=True)
class Mandate:
    """By what somebody helps, and for how long."""

    start: date | None = None
    end: date | None = None
    document: str = ""


def add_space(vault: Vault, subject: Identity, kind: SpaceKind, *, invited: bool = False, mandate: Mandate | None = None) -> int:
    """Make a space for a child or for somebody whom the vault's owner helps; return its number.

    Raises:
        NotAllowedError: a child is of age, the owner helps as many people as anybody may, or acts for themselves only.
        UsageError: there is a space of exactly this person.
    """
    today, people = vault.people.today, vault.people
    if vault.journal.actor != OWNER or not isinstance(vault.owner, Identity):
        raise NotAllowedError(_("only a person whose own vault this is adds spaces to it"))
    if kind is SpaceKind.CHILD and is_adult(subject.birth_date, today):
        raise NotAllowedError(_("this person is of age"), hint=_("--helped makes a space for somebody whom you help"))
    others = [other for other in vault.spaces.own().values() if isinstance(other, Identity)]
    if any(match_identity(subject, other) is not Match.DIFFERENT for other in others):
        raise UsageError(_("there is a space of this person already"), hint=_("`monespace space list` shows it"))
    with vault.database.transaction():
        number = vault.spaces.add(subject, kind=kind)
        vault.journal.write(Event.SPACE_ADDED, str(number), kind=str(kind))
        themselves = people.add(subject.display_name, number)
        people.bind(Tie(number, themselves.id, Relation.HOLDER))
        mandate = mandate or Mandate()
        relation = Relation.REPRESENTATIVE if kind is SpaceKind.CHILD else Relation.HELPER
        people.tie(Tie(number, OWNER, relation, mandate.start, mandate.end, mandate.document))
        if invited:
            vault.spaces.take_step(number, LifeEvent.INVITED)
    return number


def add_representative(vault: Vault, space: int, name: str) -> PersonKnown:
    """Let a second parent or guardian act for a child; whoever is new becomes known.

    Raises:
        NotAllowedError: it is no child's space, or there are two already.
    """
    subject = vault.spaces.owner(space)
    if vault.spaces.kind(space) is not SpaceKind.CHILD or not isinstance(subject, Identity):
        raise NotAllowedError(_("only a child has legal representatives"), hint=_("`monespace delegate appoint` names a helper"))
    with vault.database.transaction():
        person = _person(vault, name)
        vault.people.tie(Tie(space, person.id, Relation.REPRESENTATIVE))
    return person


def appoint(vault: Vault, name: str, mandate: Mandate) -> PersonKnown:
    """Let somebody help the person of the space in use; whoever is new becomes known.

    Raises:
        NotAllowedError: there are three helpers already, or this one helps five people.
    """
    with vault.database.transaction():
        vault.journal.require(Event.DELEGATE_APPOINTED)
        person = _person(vault, name)
        vault.people.tie(Tie(vault.space, person.id, Relation.HELPER, mandate.start, mandate.end, mandate.document))
    return person


def take_step(vault: Vault, event: LifeEvent) -> None:
    """Open, oppose, close or reopen the space in use.

    Raises:
        NotAllowedError: it cannot be done to it as it is, or not by whoever asks.
    """
    with vault.database.transaction():
        vault.spaces.take_step(vault.space, event)
        vault.journal.write(Event.SPACE_CHANGED, str(vault.space), step=str(event))


def erase_space(vault: Vault) -> Erased:
    """Destroy all that the space in use holds. What is left: whose it was, and the journal.

    Raises:
        NotAllowedError: whoever asks may not.
    """
    vault.journal.require(Event.SPACE_ERASED)
    space = vault.space
    vault.spaces.require_possible(space, LifeEvent.ERASED)
    documents = vault.documents.of_space(space)
    backups = {backup.id: backup for backup in vault.backups.all()}
    for item in vault.quarantine.all():
        if item.space == space:
            vault.quarantine.remove(item, Event.ITEM_DISCARDED)
    erase(vault, documents)
    with vault.database.transaction():
        vault.spaces.clear(space)
        vault.spaces.take_step(space, LifeEvent.ERASED)
        vault.journal.write(Event.SPACE_ERASED, str(space), documents=str(len(documents)))
    return Erased(tuple(backups.values()), vault.database.truncate_log())


def move_documents(vault: Vault, documents: Sequence[Document], target: int) -> list[Document]:
    """Put documents right that were filed for the wrong person: all of them or none.

    Raises:
        NotAllowedError: whoever asks may not add to the other space, or it is not open.
        UsageError: one is there already, or its space is the one it has.
    """
    require_may(vault, target, Act.ADD)
    with vault.database.transaction():
        return [vault.documents.move(document, target) for document in documents]


def require_may(vault: Vault, space: int, act: Act) -> None:
    """See that whoever asks may do something in a space that need not be the one in use.

    Raises:
        NotAllowedError: they may not.
    """
    if not vault.allows(act, space):
        raise NotAllowedError(
            _("you are not allowed to do this in that space: {act}").format(act=act),
            hint=_("`monespace space show NAME` says what you may do"),
        )


def _person(vault: Vault, name: str) -> PersonKnown:
    """Return somebody who is known by exactly this name, or somebody new."""
    known = [each for each in vault.people.all() if each.name == name]
    return known[0] if len(known) == 1 else vault.people.add(name)
