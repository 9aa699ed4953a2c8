"""For whom a deposit is: a contact who is the patient, or who represents them, such as a parent."""

from dataclasses import dataclass
from datetime import date

from monespace_cli.actions.sharing import require_verified
from monespace_cli.errors import NotAllowedError, NotFoundError
from monespace_cli.i18n import _
from monespace_cli.record.card import Contact, Role
from monespace_cli.record.identity import Identity, Match, match_identity
from monespace_cli.record.text import words_of
from monespace_cli.sync.manifest import Manifest
from monespace_cli.vault.patients import Patient
from monespace_cli.vault.vault import Vault


@dataclass(frozen=True, slots=True)
class Recipient:
    """A contact who is a patient or represents one, and who exactly the patient is."""

    contact: Contact
    identity: Identity


def recipient_of(vault: Vault, contact: Contact, *, accept_unverified: bool) -> Recipient:
    """Return a contact as somebody to deposit for.

    Raises:
        NotAllowedError: the contact is no patient.
        UnverifiedError: nobody compared the contact's key, and that is not accepted.
        NotFoundError: it is not known which person the contact is.
    """
    require_patient(contact, accept_unverified=accept_unverified)
    patient = vault.patients_known.get(contact.card.fingerprint)
    if patient is None:
        raise NotFoundError(
            _("it is not known which person this contact is: a card carries names alone"),
            hint=_("`monespace contact identify` keeps the birth date, sex and INS; a share of theirs brings them too"),
        )
    return Recipient(contact, patient.identity)


def represented_by(vault: Vault, contact: Contact, name: str, on: date, *, accept_unverified: bool) -> Recipient:
    """Return a contact as who receives for somebody they represent, such as their child, by the words of that person's name.

    Raises:
        NotAllowedError: the contact is no patient, or the person came of age since.
        UnverifiedError: nobody compared the contact's key, and that is not accepted.
        NotFoundError: the card stands for no such person, or for more than one.
    """
    require_patient(contact, accept_unverified=accept_unverified)
    patient = person_called(vault, contact, name)
    if not patient.stands(on):
        raise NotAllowedError(
            _("this person came of age, and nobody receives for them by being their parent any more"),
            hint=_("take their own card in; `monespace contact identify` says it anew of an adult who is represented"),
        )
    return Recipient(contact, patient.identity)


def person_called(vault: Vault, contact: Contact, name: str) -> Patient:
    """Return the person of this name for whom a contact's card stands beside its owner.

    Raises:
        NotFoundError: none, or more than one.
    """
    words = set(words_of(name))
    others = [each for each in vault.patients_known.of(contact.card.fingerprint) if each.is_represented]
    found = [each for each in others if words and words <= set(words_of(each.identity.display_name))]
    if len(found) != 1:
        raise NotFoundError(
            _("the card of {name} stands for no single person of this name").format(name=contact.card.display_name),
            hint=_("`monespace contact show` says for whom it stands, `contact identify --given-name` adds somebody"),
        )
    return found[0]


def require_patient(contact: Contact, *, accept_unverified: bool) -> None:
    """See that deposits can go to a contact.

    Raises:
        NotAllowedError: the contact is no patient.
        UnverifiedError: nobody compared the contact's key, and that is not accepted.
    """
    if contact.card.role is not Role.HOLDER:
        raise NotAllowedError(_("a deposit goes to the patient, and this contact is a practitioner"))
    require_verified(contact, accepted=accept_unverified)


def recipient_as_before(vault: Vault, contact: Contact, earlier: Manifest) -> Recipient:
    """Return a contact as who received a deposit, with what is known by now of the person it was about."""
    assert earlier.subject is not None, "a deposit is about somebody"
    known = [each.identity for each in vault.patients_known.of(contact.card.fingerprint)]
    same = (identity for identity in known if match_identity(earlier.subject, identity) is not Match.DIFFERENT)
    return Recipient(contact, next(same, earlier.subject))
