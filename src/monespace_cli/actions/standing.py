"""Standing shares: sending what is new since the last time, knowing whether there is something, and ending them; taking a share back."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from monespace_cli.actions.choosing import Choice, is_shut_out, look, require_something
from monespace_cli.actions.directory import contact_of
from monespace_cli.actions.outgoing import Outgoing, to_contact
from monespace_cli.actions.recognising import best_match
from monespace_cli.actions.sharing import Terms, share_to_outbox
from monespace_cli.errors import MonespaceError, NotAllowedError, NotFoundError
from monespace_cli.i18n import _
from monespace_cli.ports import Random
from monespace_cli.record.card import Contact
from monespace_cli.record.exchange import SentState
from monespace_cli.record.identity import Identity
from monespace_cli.record.sharing import Wanted
from monespace_cli.record.summary import Summary
from monespace_cli.sync.body import Revocation
from monespace_cli.sync.card import read_card
from monespace_cli.sync.kinds import Kind
from monespace_cli.sync.manifest import PASSPHRASE, Manifest, read_manifest
from monespace_cli.sync.sealing import Contents
from monespace_cli.vault.outbox import SentBundle
from monespace_cli.vault.shares import StandingShare
from monespace_cli.vault.vault import Vault


@dataclass(frozen=True, slots=True)
class Updated:
    """What became of a standing share at a look through the record."""

    standing: StandingShare
    choice: Choice | None = None
    """What was new; None where that could not be said."""
    made: tuple[Manifest, ...] = ()
    problem: MonespaceError | None = None


def start(
    vault: Vault, choice: Choice, wanted: Wanted, terms: Terms, now: datetime, random: Random
) -> tuple[StandingShare, tuple[Manifest, ...]]:
    """Keep a share that is repeated for what is new, and send what there is today.

    Raises:
        UsageError: nothing new can come to belong to it.
        UsageError, NotWritableError, IntegrityError: see `sync.sealing.seal`.
    """
    assert choice.contact is not None and wanted.can_grow, "the command saw to it"
    fingerprint = choice.contact.card.fingerprint
    standing = vault.standing_shares.add(choice.space, fingerprint, wanted, terms.purpose, terms.expires)
    return standing, _send(vault, standing, choice, now, random)


def update(vault: Vault, standing: StandingShare, now: datetime, random: Random, *, dry_run: bool = False) -> Updated:
    """Send what is new under a standing share; with `dry_run` only say what that is."""
    try:
        choice = new_under(vault, standing, now)
        made = () if dry_run else _send(vault, standing, choice, now, random)
    except MonespaceError as problem:
        return Updated(standing, problem=problem)
    return Updated(standing, choice, made)


def due(vault: Vault, now: datetime) -> list[StandingShare]:
    """Return those of the space in use for which there is something new; the record is looked through only where it changed since."""
    found = []
    for standing in vault.standing_shares.to_look_through(now, vault.space):
        mark = vault.standing_shares.mark_of(standing.space)
        try:
            is_due = not new_under(vault, standing, now).is_empty
        except MonespaceError:
            is_due = True  # `share update` says what the matter is
        if is_due:
            found.append(standing)
        else:
            vault.standing_shares.looked_through(standing, mark, standing.told)
    return found


def new_under(vault: Vault, standing: StandingShare, now: datetime) -> Choice:
    """Return what the recipient of a standing share may see and was not sent; what was taken back is not sent again.

    Raises:
        NotAllowedError: they are blocked, or may see nothing any more.
        NotFoundError: they are no contact any more.
    """
    choice = look(vault, standing.wanted, _contact(vault, standing), now, standing.space)
    if is_shut_out(choice):
        require_something(choice, standing.wanted)
    sent = {file.sha256 for bundle in vault.outbox.under(standing.id) for file, _info in read_manifest(bundle.manifest.encode()).documents}
    profile = choice.profile if choice.profile and _digest(choice.profile) != standing.told else None
    return replace(choice, documents=tuple(each for each in choice.documents if each.sha256 not in sent), profile=profile)


def take_back(vault: Vault, sent: SentBundle, reason: str, now: datetime, random: Random) -> Manifest:
    """Seal word to its recipient that a share is over. What was read stays read.

    Raises:
        NotAllowedError: it is no share, was taken back before, or nobody knows who opened it.
        NotFoundError: its recipient is no contact any more.
    """
    if sent.kind != Kind.SHARE:
        raise NotAllowedError(_("this bundle is no share"))
    if sent.peer == PASSPHRASE:
        raise NotAllowedError(_("nobody knows who has the passphrase of this share: there is nobody to tell"))
    if vault.outbox.spoken_of(sent.bundle):
        raise NotAllowedError(_("this share was taken back before"), hint=_("`monespace share show` tells when"))
    stored = vault.contacts.get(vault.contacts.current(sent.peer))
    if stored is None:
        raise NotFoundError(_("its recipient is no contact any more"), hint=_("take their card in again"))
    body = Revocation(sent.bundle, read_manifest(sent.manifest.encode()).digest, reason)
    made = Outgoing(vault, now, random).to_outbox(Contents(Kind.REVOCATION, body=body), to_contact(read_card(stored.card)))
    if sent.state is SentState.MADE:
        vault.outbox.drop_copy(sent)  # it has not left: now it never will
    return made


def shares_about(vault: Vault, space: int) -> list[SentBundle]:
    """Return the shares about the person of a space, oldest first; one about nobody here any more, by that name, is among the owner's."""

    @cache
    def space_of(subject: Identity) -> int | None:
        return best_match(vault, subject).space

    subjects = [(sent, read_manifest(sent.manifest.encode()).subject) for sent in vault.outbox.shares()]
    return [sent for sent, subject in subjects if subject and space_of(subject) == space]


def still_given(vault: Vault, standing: StandingShare) -> list[SentBundle]:
    """Return what was sent under a standing share and not taken back."""
    return [each for each in vault.outbox.under(standing.id) if not vault.outbox.spoken_of(each.bundle)]


def _send(vault: Vault, standing: StandingShare, choice: Choice, now: datetime, random: Random) -> tuple[Manifest, ...]:
    assert choice.contact is not None, "a standing share is somebody's"
    made: tuple[Manifest, ...] = ()
    mark = vault.standing_shares.mark_of(standing.space)
    if not choice.is_empty:
        terms, to = Terms(standing.purpose, standing.until), to_contact(choice.contact.card)
        made = tuple(share_to_outbox(vault, choice, terms, to, now, random, standing=standing.id))
    vault.standing_shares.looked_through(standing, mark, _digest(choice.profile) if choice.profile else standing.told)
    return made


def _contact(vault: Vault, standing: StandingShare) -> Contact:
    stored = vault.contacts.get(vault.contacts.current(standing.contact))
    if stored is None:
        raise NotFoundError(
            _("the recipient of standing share {id} is no contact any more").format(id=standing.id),
            hint=_("take their card in again, or end it with `monespace share stop`"),
        )
    return contact_of(stored)


def _digest(profile: Summary) -> str:
    """Return SHA-256 of what is told, whenever that is."""
    told = (profile.sections, profile.measures, sorted(profile.documents.items()), profile.caregivers)
    return hashlib.sha256(repr(told).encode()).hexdigest()
