"""Cards as self-signed text files (docs/formats/card-v1.md): what people hand to each other before anything else.

A signature proves that the holder of the signing key made the card, not who that is: comparing the fingerprint's words does.
"""

import json
from base64 import b64decode
from typing import Final

from monespace_cli.crypto import signing, sshsig
from monespace_cli.crypto.age import bech32
from monespace_cli.crypto.signing import SigningKey
from monespace_cli.errors import BundleError, NewerFormatError, UnreadableInputError
from monespace_cli.i18n import _
from monespace_cli.record.card import Card, Recipient, RecipientType, Role
from monespace_cli.record.identity import Profession
from monespace_cli.sync.canonical import FormatError, Json, from_canonical, to_canonical
from monespace_cli.sync.fields import Fields, moment_text
from monespace_cli.sync.keys import age_recipient
from monespace_cli.sync.kinds import CARD_NAMESPACE, REVOCATION_NAMESPACE, Kind
from monespace_cli.sync.limits import LIMITS

FORMAT: Final = "monespace-card"
VERSION: Final = 1


def card_text(card: Card, key: SigningKey) -> bytes:
    """Return the card file, signed with its own key.

    Raises:
        ValueError: `key` is not the card's signing key.
        UnreadableInputError: the card breaks its own format: a name with characters that cannot be shown, a missing profession.
    """
    if key.public != card.signing_key:
        raise ValueError("a card is signed with its own key")
    message = to_canonical(_to_json(card)) + b"\n"
    data = message + sshsig.sign(key, message, CARD_NAMESPACE)
    read_card(data)  # nothing leaves that no reader would take
    return data


def read_card(data: bytes) -> Card:
    """Return the card in a card file, its self-signature checked.

    Raises:
        UnreadableInputError: this is not a card.
        NewerFormatError: written by a later release.
        BundleError: a card, but not signed by its own key.
    """
    line, line_end, signature = data.partition(b"\n")
    try:
        card = _from_json(from_canonical(line, max_size=LIMITS.card))
        _check_recipients(card)
    except FormatError:
        raise _not_a_card() from None
    sshsig.verify(signature, line + line_end, CARD_NAMESPACE, card.signing_key)
    return card


def kept_card(data: bytes) -> Card:
    """Return the card in a file that :func:`read_card` took before and that was kept where nobody else writes.

    Checking its signature and keys again would take some 2 ms a card, half a minute for a clinic's contacts, and prove nothing: SQLCipher
    authenticates every page, and whoever could write to the database could as well say that a contact was verified.
    """
    return _from_json(json.loads(data.partition(b"\n")[0]))


def export_age(card: Card) -> str:
    """Return the card's recipients as an age recipients file (`age -R`): the newest of each type, named in a comment.

    A file for the age program may name one type only, so the classical key is commented out where there is a hybrid one.
    """
    lines = [f"# {card.display_name}, {card.fingerprint}"]
    newest = [found for wanted in RecipientType if (found := card.recipient(wanted))]
    for number, recipient in enumerate(newest):
        lines.append(f"# {recipient.type}, {moment_text(recipient.created)}")
        lines.append(recipient.public if number == 0 else f"# {recipient.public}")
    return "\n".join([*lines, ""])


def export_allowed_signers(card: Card) -> str:
    """Return the card's signing key as a line for `ssh-keygen -Y verify -f`; the principal is the fingerprint."""
    namespaces = (CARD_NAMESPACE, REVOCATION_NAMESPACE, *(kind.namespace for kind in Kind))
    return signing.allowed_signers_line(card.fingerprint, card.signing_key, namespaces)


def _to_json(card: Card) -> Json:
    recipients: list[Json] = [{"created": moment_text(r.created), "public": r.public, "type": r.type.value} for r in card.recipients]
    return {
        "family_name": card.family_name,
        "format": FORMAT,
        "given_name": card.given_name,
        "issued": moment_text(card.issued),
        "profession": card.profession.value if card.profession else None,
        "recipients": recipients,
        "role": card.role.value,
        "rpps": card.rpps,
        "signing_key": signing.authorized_key(card.signing_key),
        "version": VERSION,
    }


def _from_json(value: dict[str, Json]) -> Card:
    fields = Fields(value)
    _check_version(fields)
    role = fields.choice("role", Role)
    card = Card(
        family_name=fields.text("family_name", longest=LIMITS.name),
        given_name=fields.text("given_name", longest=LIMITS.name),
        role=role,
        signing_key=read_signing_key(fields),
        recipients=_recipients(fields),
        issued=fields.moment("issued"),
        profession=None if fields.is_null("profession") else fields.choice("profession", Profession),
        rpps=None if fields.is_null("rpps") else fields.matching("rpps", "[0-9]{11}"),
    )
    fields.end()
    if (card.profession is None) is not (role is Role.HOLDER) or (card.rpps and role is Role.HOLDER):
        raise FormatError("the role and the profession do not fit")
    return card


def _check_version(fields: Fields) -> None:
    if fields.matching("format", ".{1,64}") != FORMAT:
        raise FormatError("another format")
    if fields.integer("version", least=1, most=LIMITS.counter) > VERSION:
        raise NewerFormatError(_("this card was written by a newer monespace"), hint=_("update monespace"))


def read_signing_key(fields: Fields) -> bytes:
    """Return the 32 bytes of the Ed25519 key in the member `signing_key`; FormatError where it is none."""
    text = fields.matching("signing_key", "ssh-ed25519 [A-Za-z0-9+/]{68}")
    public = b64decode(text.partition(" ")[2])[-signing.PUBLIC_SIZE :]
    if signing.authorized_key(public) != text:
        raise FormatError("not an Ed25519 key")
    return public


def _recipients(fields: Fields) -> tuple[Recipient, ...]:
    recipients = tuple(_recipient(Fields(item)) for item in fields.array("recipients", most=LIMITS.recipients))
    if not recipients or len({r.public for r in recipients}) != len(recipients):
        raise FormatError("no recipient, or one twice")
    return recipients


def _recipient(fields: Fields) -> Recipient:
    kind = fields.choice("type", RecipientType)
    public = fields.raw_text("public", longest=bech32.MAX_LENGTH)
    recipient = Recipient(kind, public, fields.moment("created"))
    fields.end()
    return recipient


def _check_recipients(card: Card) -> None:
    for recipient in card.recipients:
        try:
            age_recipient(recipient)
        except BundleError:
            raise FormatError("not a recipient of that type") from None


def _not_a_card() -> UnreadableInputError:
    return UnreadableInputError(
        _("this is not a card"), hint=_("ask for the file that `monespace card export` writes, sent as an attachment")
    )
