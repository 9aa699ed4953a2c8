"""The people one knows: by card, by an entry in the directory, or by both; and who each is to the rules of access."""

import contextlib
from dataclasses import dataclass, replace

from monespace_cli.errors import NotFoundError, UsageError
from monespace_cli.i18n import _
from monespace_cli.record.access import Grant, Policy
from monespace_cli.record.actor import Actor, Relation
from monespace_cli.record.card import Card, Contact
from monespace_cli.record.identity import Profession
from monespace_cli.record.practitioner import CareRole, Practitioner, edited, is_same_as_card
from monespace_cli.sync.card import kept_card
from monespace_cli.vault.access import Basis
from monespace_cli.vault.contacts import StoredContact
from monespace_cli.vault.person_names import people_named
from monespace_cli.vault.vault import Vault


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody whom the vault knows: at least one of card and directory entry."""

    contact: Contact | None
    practitioner: Practitioner | None
    roles: tuple[CareRole, ...] = ()

    @property
    def actor(self) -> Actor:
        """Who they are to the rules of access."""
        profession = self.profession
        relation = Relation.PRACTITIONER if profession else Relation.NONE
        return Actor(self.id, self.name, relation, profession)

    @property
    def id(self) -> str:
        """The fingerprint of their card, or the id of their entry while there is none."""
        return self.contact.card.fingerprint if self.contact else self._entry.id

    @property
    def name(self) -> str:
        """As people read it: what the card says comes first, for it is signed."""
        return self.contact.card.display_name if self.contact else self._entry.display_name

    @property
    def profession(self) -> Profession | None:
        """What the card says, else the directory."""
        if self.contact:
            return self.contact.card.profession
        return self._entry.profession

    @property
    def _entry(self) -> Practitioner:
        assert self.practitioner is not None, "somebody is known by a card or an entry"
        return self.practitioner


def actor_of_contact(contact: Contact) -> Actor:
    """Return who the owner of a card is to the rules of access."""
    return Known(contact, None).actor


def contact_of(stored: StoredContact) -> Contact:
    """Return a contact whose card was checked when it came."""
    return Contact(kept_card(stored.card), stored.added_at, stored.check, stored.verified_at, stored.auto_accept, stored.stop)


def everybody(vault: Vault, space: int | None = None) -> list[Known]:
    """Return everybody the vault knows: those with a card, oldest first, then the others."""
    space = vault.space_in_use.or_this(space)
    entries = vault.practitioners.all()
    by_card = {entry.fingerprint: entry for entry in entries if entry.fingerprint}
    roles = _roles(vault, space)
    cards = [contact_of(stored) for stored in vault.contacts.all()]
    known = [Known(contact, by_card.get(contact.card.fingerprint)) for contact in cards]
    known += [Known(None, entry) for entry in entries if not entry.fingerprint]
    return [replace(each, roles=roles.get(each.id, ())) for each in known]


def find_person(vault: Vault, name: str, space: int | None = None) -> Known:
    """Return whom a name, a part of one, or the beginning of a fingerprint or id means.

    Raises:
        NotFoundError: nobody, or more than one.
    """
    space = vault.space_in_use.or_this(space)
    index_cards(vault)
    found = people_named(vault.database, name)
    if not found:
        raise NotFoundError(
            _("no contact has this name"), hint=_("`monespace contact list` shows them; `monespace contact add` takes a card in")
        )
    if len(found) > 1:
        raise NotFoundError(_("more than one contact has this name"), hint=_("give the first eight digits of the fingerprint"))
    return known_as(vault, found[0], space)


def known_as(vault: Vault, actor: str, space: int | None = None) -> Known:
    """Return whom decisions name so.

    Raises:
        NotFoundError: nobody any more.
    """
    space = vault.space_in_use.or_this(space)
    stored, entry = vault.contacts.get(actor), vault.practitioners.of_actor(actor)
    if stored is None and entry is None:
        raise NotFoundError(_("this person is no longer among the contacts"), hint=_("`monespace contact list` shows them"))
    return Known(contact_of(stored) if stored else None, entry, _roles(vault, space).get(actor, ()))


def names_in(vault: Vault, policy: Policy) -> dict[str, str]:
    """Return the names of those whom a policy speaks of, by their actor id; only their cards are read, of thousands in a clinic."""
    grants = (policy.attending, *policy.grants)
    ids = {grant.contact for grant in grants if grant}.union(policy.blocked, *policy.masks.values())
    found = {}
    for actor in sorted(ids):
        with contextlib.suppress(NotFoundError):  # forgotten since; a block of theirs stays
            found[actor] = known_as(vault, actor, policy.space).name
    return found


def index_cards(vault: Vault) -> None:
    """Let the cards that an earlier release took in be found by name; nearly always there are none."""
    if waiting := vault.contacts.to_index():
        with vault.database.transaction():
            for stored in waiting:
                card = kept_card(stored.card)
                vault.contacts.index(stored.fingerprint, card.display_name, card.rpps)


def join_card(vault: Vault, card: Card) -> Practitioner | None:
    """Join a card with the one entry of the directory that is the same practitioner, if there is one; return it as it is now."""
    found = [entry for entry in vault.practitioners.without_card() if is_same_as_card(entry, card)]
    return vault.practitioners.join(found[0], card.fingerprint) if len(found) == 1 else None


def add_practitioner(vault: Vault, family_name: str, given_name: str, profession: Profession, **said: str | None) -> Known:
    """Take a practitioner without a card into the directory.

    Raises:
        UsageError: a name or number that cannot be, or somebody who is there already.
    """
    new = Practitioner(vault.practitioners.new_id(), family_name, given_name, profession)
    entry = edited(new, family_name=family_name, given_name=given_name, **said)
    index_cards(vault)
    if entry.rpps and (vault.contacts.with_rpps(entry.rpps) or vault.practitioners.with_rpps(entry.rpps)):
        raise UsageError(
            _("you know a practitioner with this RPPS number already"), hint=_("`monespace contact edit` changes what is known of them")
        )
    vault.practitioners.put(entry)
    return known_as(vault, entry.id)


def edit_practitioner(vault: Vault, known: Known, **said: str | None) -> Known:
    """Change what the directory says of somebody; whoever was known by a card alone gets an entry for it.

    Raises:
        UsageError: they are no practitioner, or a number cannot be one.
    """
    if known.practitioner is None and known.profession is None:
        raise UsageError(_("this contact is no practitioner"), hint=_("the directory is for practitioners; a card says the rest"))
    entry = known.practitioner or _entry_of(vault, known)
    vault.practitioners.put(edited(entry, **said))
    return known_as(vault, known.id)


def set_role(vault: Vault, known: Known, role: CareRole, *, on: bool, terms: Grant | None = None, space: int | None = None) -> None:
    """Say that somebody is the attending physician, midwife or pharmacist, or no longer; the attending physician sees the record.

    `terms` says until when, and whether hidden items are included.

    Raises:
        UsageError: theirs is another profession.
    """
    space = vault.space_in_use.or_this(space)
    if on and known.profession is not role.profession:
        raise UsageError(_("only a {profession} can be that").format(profession=role.profession))
    if role is not CareRole.ATTENDING:
        others = tuple(each for each in known.roles if each not in (role, CareRole.ATTENDING))
        vault.practitioners.set_roles(known.id, (*others, role) if on else others, space)
    elif on:
        vault.access.grant(Basis.ATTENDING, replace(terms or Grant(), contact=known.id), space)
    else:
        vault.access.revoke(Basis.ATTENDING, known.id, space)


def forget(vault: Vault, known: Known) -> None:
    """Forget somebody: card, entry, and every grant of theirs. A block stays: they may come back."""
    with vault.database.transaction():
        for space in vault.spaces.all():
            vault.access.revoke(Basis.ATTENDING, known.id, space)
            vault.access.revoke(Basis.ALLOWED, known.id, space)
        if known.practitioner:
            vault.practitioners.remove(known.practitioner)
        if known.contact:
            vault.contacts.remove(known.contact.card.fingerprint)


def _entry_of(vault: Vault, known: Known) -> Practitioner:
    assert known.contact is not None and known.profession is not None, "the caller saw to it"
    card = known.contact.card
    return Practitioner(
        vault.practitioners.new_id(), card.family_name, card.given_name, known.profession, rpps=card.rpps, fingerprint=card.fingerprint
    )


def _roles(vault: Vault, space: int) -> dict[str, tuple[CareRole, ...]]:
    roles = vault.practitioners.roles(space)
    attending = vault.access.policy(space).attending
    if attending:
        roles[attending.contact] = (CareRole.ATTENDING, *roles.get(attending.contact, ()))
    return roles
