"""Making the emergency card: which layer tells what, and the sealed layer as an age file under a code of its own.

Format: docs/formats/emergency-card-v1.md.
"""

import io
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from monespace_cli.actions.access import somebody
from monespace_cli.actions.summary import hides_nothing, item_of, record_of
from monespace_cli.crypto.age import ScryptRecipient, encrypt
from monespace_cli.crypto.age.armor import armored
from monespace_cli.errors import UsageError
from monespace_cli.i18n import _
from monespace_cli.ports import Random
from monespace_cli.record.access import Circumstance, can_see
from monespace_cli.record.emergency_card import LABELS, EmergencyCard, open_layer, sealed_layer, sealed_text
from monespace_cli.record.identity import Profession
from monespace_cli.record.sections import Section
from monespace_cli.record.summary import Record, seen_through, summary_of
from monespace_cli.vault.vault import Vault

FORMATS = (".pdf", ".png")
CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no letter that could be taken for another sign."""
CODE_GROUPS, GROUP_LENGTH = 3, 4
"""Sixty bits. Each guess costs scrypt with 256 MiB; and the code is on the card itself, for who may unfold it."""


@dataclass(frozen=True, slots=True)
class MadeCard:
    """A card, ready to be printed."""

    card: EmergencyCard
    sealed: str
    """The sealed layer as an armored age file; empty where there is none."""
    code: str


def sections_of(words: Collection[str]) -> Collection[Section]:
    """Return the sections that a person chose for the open layer by their words.

    Raises:
        UsageError: a card does not tell such a section.
    """
    known = {str(section): section for section in LABELS}
    unknown = [word for word in words if word not in known]
    if unknown:
        raise UsageError(_("a card does not tell this section"), hint=_("one of: {sections}").format(sections=", ".join(known)))
    return [known[word] for word in words]


def require_card_format(path: Path) -> None:
    """See that a card's file name says which format it is to have.

    Raises:
        UsageError: it does not.
    """
    if path.suffix.lower() not in FORMATS:
        raise UsageError(_("a card is written as .pdf or .png"), hint=_("for example -o card.pdf"))


def records_for_card(vault: Vault, at: datetime, space: int | None = None) -> tuple[Record, Record | None]:
    """Return what may stand in the open of a card, and what in its sealed layer: None where emergency access is off.

    What is hidden never stands in the open; in the sealed layer it stands if hidden items are shown in an emergency.
    """
    space = vault.space_in_use.or_this(space)
    record, policy = record_of(vault, space), vault.access.policy(space)
    switches = policy.emergency
    for_anyone = seen_through(record, hides_nothing(vault, space))
    if not policy.is_active or not (switches.samu or switches.others):
        return for_anyone, None
    reader = somebody(Profession.PHYSICIAN)
    circumstance = Circumstance.EMERGENCY_SAMU if switches.samu else Circumstance.EMERGENCY_OTHER
    return for_anyone, seen_through(record, lambda thing: can_see(reader, item_of(thing), circumstance, policy, at).allowed)


def emergency_card(for_anyone: Record, for_care: Record | None, shown: Collection[Section], now: datetime) -> EmergencyCard:
    """Return both layers of a card.

    Args:
        for_anyone: what may stand in the open.
        for_care: what those may read who treat the person; None where emergency access is off.
        shown: the sections of the open layer.
        now: aware.
    """
    made = now.astimezone()
    sealed = sealed_layer(summary_of(for_care, made)) if for_care else None
    return EmergencyCard(for_anyone.subject, made, open_layer(summary_of(for_anyone, made), shown), sealed)


def seal_card(card: EmergencyCard, random: Random) -> MadeCard:
    """Encrypt a card's sealed layer under a new code."""
    if card.sealed is None:
        return MadeCard(card, "", "")
    code = new_code(random)
    sink = io.BytesIO()
    with encrypt(sink, [ScryptRecipient(code)], random=random) as writer:
        writer.write(sealed_text(card.subject, card.made, card.sealed).encode())
    return MadeCard(card, armored(sink.getvalue()), code)


def card_bytes(made: MadeCard, path: Path) -> bytes:
    """Return a card in the format of its file's name."""
    from monespace_cli.render.emergency_card import emergency_card_pdf, emergency_card_png

    render = emergency_card_png if path.suffix.lower() == ".png" else emergency_card_pdf
    return render(made.card, made.sealed, made.code)


def new_code(random: Random) -> str:
    """Return a random code in groups, `7K3M-9Q2X-F4WP`: the age passphrase of the sealed layer, hyphens included."""
    letters = "".join(CODE_ALPHABET[byte % len(CODE_ALPHABET)] for byte in random(CODE_GROUPS * GROUP_LENGTH))
    return "-".join(letters[start : start + GROUP_LENGTH] for start in range(0, len(letters), GROUP_LENGTH))
