"""How cards and contacts look."""

from typing import Any

from monespace_cli.crypto.words import fingerprint_words
from monespace_cli.i18n import _
from monespace_cli.record.card import Card, Check, Contact, Stop
from monespace_cli.ui.views import moment, words_in_lines

STOPS = {
    Stop.KEY_CHANGED: _("stopped: another key came (`contact resolve`)"),
    Stop.REVOKED: _("stopped: they revoked this key"),
}
CHECKS = {Check.WORDS: _("its words"), Check.QR: _("its QR code"), Check.RENEWAL: _("the key before it")}


def card_json(card: Card) -> dict[str, Any]:
    """Return a card as JSON-ready data."""
    return {
        "name": card.display_name,
        "role": str(card.role),
        "profession": str(card.profession) if card.profession else None,
        "rpps": card.rpps,
        "fingerprint": card.fingerprint,
        "words": list(fingerprint_words(card.fingerprint)),
        "recipients": [{"type": str(r.type), "public": r.public, "created": r.created.isoformat()} for r in card.recipients],
    }


def card_fields(card: Card) -> list[tuple[str, str]]:
    """Return a card as labelled values for a person."""
    return [
        (_("Name"), card.display_name),
        (_("Profession"), str(card.profession or "")),
        (_("RPPS"), card.rpps or ""),
        (_("Words"), "\n".join(words_in_lines(fingerprint_words(card.fingerprint)))),
        (_("Fingerprint"), card.fingerprint),
    ]


def contact_json(contact: Contact) -> dict[str, Any]:
    """Return a contact as JSON-ready data."""
    return {
        **card_json(contact.card),
        "verified": contact.is_verified,
        "check": str(contact.check),
        "verified_at": contact.verified_at.isoformat() if contact.verified_at else None,
        "added_at": contact.added_at.isoformat(),
        "may": _may(contact),
        "stopped": str(contact.stop) if contact.stop else None,
    }


def trust(contact: Contact) -> str:
    """Say how far a contact is trusted, since when, and what follows from that."""
    if contact.stop:
        return STOPS[contact.stop]
    if contact.verified_at is None:
        return _("not verified: every exchange asks first")
    verified = _("verified by {check}, {when}").format(check=CHECKS[contact.check], when=moment(contact.verified_at))
    return _("{verified}; deposits go in by themselves").format(verified=verified) if contact.auto_accept else verified


def _may(contact: Contact) -> list[str]:
    """Return what happens with a contact without a person being asked, as stable words."""
    if not contact.is_verified:
        return []
    return ["be-sent", "deposit-automatically"] if contact.auto_accept else ["be-sent"]
