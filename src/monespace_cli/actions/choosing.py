"""Choosing what to hand over: what was asked for, less what the recipient is not to see, each with the rule that says so.

Picking something out for somebody is consent to it, but no block and no mask gives way to that. "All that they may see" is no such
consent: it asks what the holder decided before.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from monespace_cli.actions.access import (
    Judged,
    View,
    judged_entries,
    judged_measures,
    require_may_get,
    view_of,
    visible,
)
from monespace_cli.actions.directory import actor_of_contact
from monespace_cli.actions.summary import parts_of, record_of
from monespace_cli.errors import NotAllowedError, NotFoundError, UsageError
from monespace_cli.i18n import _
from monespace_cli.interop.media import MEDIA_TYPES
from monespace_cli.record.access import Reason, handing_over, item_of_document
from monespace_cli.record.actor import Actor, Relation
from monespace_cli.record.card import Contact
from monespace_cli.record.document import Document
from monespace_cli.record.identity import Identity
from monespace_cli.record.measures import Measure
from monespace_cli.record.sharing import LeftOut, Wanted
from monespace_cli.record.summary import MEASURES, Status, Summary, seen_through, summary_of
from monespace_cli.vault.documents import Filter
from monespace_cli.vault.search import RANKED
from monespace_cli.vault.vault import Vault

T = TypeVar("T")

WHOEVER = Actor("passphrase", "", Relation.NONE)
"""Who opens a bundle by its passphrase: nobody knows who that is."""
UNSUPPORTED = "unsupported-type"


@dataclass(frozen=True, slots=True)
class Choice:
    """What is handed over of a space, to whom, and what is not."""

    contact: Contact | None
    """None stands for whoever knows a passphrase."""
    space: int
    subject: Identity
    documents: tuple[Document, ...]
    profile: Summary | None
    """What is told of the medical profile; None where nothing is."""
    left_out: tuple[LeftOut, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left."""
        return not self.documents and self.profile is None


def choose(vault: Vault, wanted: Wanted, contact: Contact | None, now: datetime, space: int) -> Choice:
    """Return what somebody, or whoever knows a passphrase, gets of a space: something.

    Raises:
        NotFoundError, NotAllowedError: nothing is left, or nothing is there.
        UsageError, NotFoundError, NotAllowedError: see :func:`look`.
    """
    choice = look(vault, wanted, contact, now, space)
    require_something(choice, wanted)
    return choice


def look(vault: Vault, wanted: Wanted, contact: Contact | None, now: datetime, space: int) -> Choice:
    """Return what somebody, or whoever knows a passphrase, gets of a space, be it nothing.

    Raises:
        UsageError: what is asked for does not go together, or is no search, or no section.
        NotFoundError: an id means no document.
        NotAllowedError: the vault is not a holder's; the person is blocked; or a document that was named is of somebody else, in the trash
            or hidden from them.
    """
    _check(wanted, contact)
    subject = vault.spaces.owner(space)
    if not isinstance(vault.owner, Identity) or not isinstance(subject, Identity):
        raise NotAllowedError(_("a share is made by the person whose record it is, from their own vault"))
    view = _view(vault, wanted, actor_of_contact(contact) if contact else WHOEVER, now, space)
    named = _named(vault, wanted, view)
    found, refused = _found(vault, wanted, view)
    profile, untold = _profile(vault, wanted, view)
    return Choice(contact, space, subject, tuple(dict.fromkeys((*named, *found))), profile, (*refused, *untold))


def _check(wanted: Wanted, contact: Contact | None) -> None:
    if wanted.is_nothing:
        raise UsageError(
            _("say what to hand over"), hint=_("--document ID, --query WORDS, --section NAME, or --all that the contact may see")
        )
    if wanted.everything and (wanted.documents or wanted.looks_for_papers or wanted.sections):
        raise UsageError(_("--all is everything that the contact may see: leave the others out"))
    if wanted.everything and contact is None:
        raise UsageError(_("--all asks what a contact may see, and nobody knows who will know a passphrase"), hint=_("name one with --to"))


def _view(vault: Vault, wanted: Wanted, actor: Actor, now: datetime, space: int) -> View:
    """Return the space as the recipient sees it, with what is picked out for them."""
    view = view_of(vault, actor, now, space)
    if actor.id in view.policy.blocked:
        raise NotAllowedError(_("you blocked this person"), hint=_("`monespace access unblock NAME` ends that"))
    return view if wanted.everything else replace(view, policy=handing_over(view.policy, actor.id))


def _named(vault: Vault, wanted: Wanted, view: View) -> tuple[Document, ...]:
    """Return the documents that were named by their ids, each once, in the order given; one that cannot go stops everything."""
    documents = tuple(dict.fromkeys(vault.documents.find(each) for each in wanted.documents))
    if any(document.space != view.policy.space for document in documents):
        raise NotAllowedError(_("a document is about somebody else and is not yours to share"))
    if any(document.deleted_at for document in documents):
        raise NotAllowedError(_("a document is in the trash"), hint=_("`monespace document restore` takes it out"))
    require_may_get(vault, documents, view.actor, view.at)
    return documents


def _found(vault: Vault, wanted: Wanted, view: View) -> tuple[list[Document], list[LeftOut]]:
    """Return the documents that were described, newest first, and those of them that are left out."""
    if wanted.everything:
        judged = view.documents(vault.documents.all(Filter(spaces=(view.policy.space,))))
    elif wanted.looks_for_papers:
        judged = view.documents(_matching(vault, wanted))
    else:
        return [], []
    allowed = visible(judged)
    unsupported = [LeftOut("document", each.id, each.title, UNSUPPORTED) for each in allowed if each.media_type not in MEDIA_TYPES]
    refused = [LeftOut("document", each.thing.id, each.thing.title, each.decision.reason) for each in _refused(judged)]
    return [each for each in allowed if each.media_type in MEDIA_TYPES], refused + unsupported


def _matching(vault: Vault, wanted: Wanted) -> list[Document]:
    """Return the documents that fit, of every space: one of somebody else is named as left out."""
    described = Filter(wanted.kind, wanted.since, None, wanted.practitioner)
    documents = vault.documents.all(described)
    if not wanted.words:
        return documents
    hits = vault.search(wanted.words, described, RANKED)
    if hits.more:
        raise UsageError(_("more than {count} papers fit").format(count=RANKED), hint=_("another word, --kind or --from narrows it down"))
    ids = {hit.document.id for hit in hits.hits}
    return [document for document in documents if document.id in ids]


def _profile(vault: Vault, wanted: Wanted, view: View) -> tuple[Summary | None, list[LeftOut]]:
    """Return what is told of the profile, and what of the sections that were asked for is not."""
    if not (wanted.everything or wanted.sections):
        return None, []
    parts = parts_of(wanted.sections)
    entries = [each for each in judged_entries(vault, view) if each.thing.section in parts]
    measures = judged_measures(vault, view) if MEASURES in parts else []
    told: set[str] = {*(each.id for each in visible(entries)), *(each.id for each in visible(measures))}
    record = seen_through(record_of(vault, view.policy.space), lambda item: item.id in told)
    linked = {document for entry in record.entries for document in entry.documents if document in record.documents}
    titles = {each: record.documents[each] for each in linked if view.judge(item_of_document(vault.documents.find(each))).allowed}
    summary = summary_of(replace(record, documents=titles), view.at.astimezone(), parts, view.actor.name)
    refused = [LeftOut("entry", each.thing.id, each.thing.text, each.decision.reason) for each in _refused(entries)]
    refused += [LeftOut("measure", each.thing.id, _measured(each.thing), each.decision.reason) for each in _refused(measures)]
    return (summary if _tells_something(summary) else None), refused


def _tells_something(summary: Summary) -> bool:
    return bool(summary.measures) or any(section.status is not Status.EMPTY for section in summary.sections)


def _refused(judged: Iterable[Judged[T]]) -> list[Judged[T]]:
    return [each for each in judged if not each.decision.allowed]


def _measured(measure: Measure) -> str:
    return f"{measure.kind.name} {measure.text} {measure.kind.unit}"


NO_ACCESS = frozenset({Reason.NO_GRANT, Reason.GRANT_EXPIRED, Reason.SPACE_NOT_ACTIVE})


def is_shut_out(choice: Choice) -> bool:
    """Tell whether the recipient gets nothing because nothing lets them see anything, rather than because there is nothing for them yet."""
    return choice.is_empty and bool(choice.left_out) and all(each.reason in NO_ACCESS for each in choice.left_out)


def require_something(choice: Choice, wanted: Wanted) -> None:
    """See that something is left of what was asked for.

    Raises:
        NotAllowedError: all of it was kept back.
        NotFoundError: there is nothing.
    """
    if not choice.is_empty:
        return
    if choice.left_out and wanted.everything:
        raise NotAllowedError(_("this person may see nothing of the record"), hint=_("`monespace access allow NAME` lets them see it"))
    if choice.left_out:
        raise NotAllowedError(
            _("all that was asked for is hidden from this person, is about somebody else, or cannot be sent"),
            hint=_("`monespace access who-sees ITEM` says who sees something, and why"),
        )
    raise NotFoundError(_("nothing here is what was asked for"), hint=_("`monespace search` and `monespace profile` show what there is"))
