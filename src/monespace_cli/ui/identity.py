"""How one's own identity looks."""

from dataclasses import asdict
from typing import Any

from monespace_cli.crypto.words import fingerprint_words
from monespace_cli.i18n import _
from monespace_cli.record.identity import Institution
from monespace_cli.record.own_identity import OwnIdentity
from monespace_cli.ui.views import day, words_in_lines


def identity_json(identity: OwnIdentity) -> dict[str, Any]:
    """Return it as JSON-ready data."""
    *old, current = identity.decryption
    return {
        "name": identity.name,
        "fingerprint": identity.fingerprint,
        "words": list(fingerprint_words(identity.fingerprint)),
        "since": identity.since.isoformat(),
        "institution": asdict(identity.institution) if identity.institution else None,
        "specialty": identity.specialty,
        "decryption_keys": {"since": current.created.isoformat(), "next_change": current.ends.isoformat()},
        "old_decryption_keys": [{"since": life.created.isoformat(), "kept_until": life.ends.isoformat()} for life in old],
    }


def identity_fields(identity: OwnIdentity) -> list[tuple[str, str]]:
    """Return it as labelled values for a person."""
    *old, current = identity.decryption
    words = words_in_lines(fingerprint_words(identity.fingerprint))
    return [
        (_("Name"), identity.name),
        (_("Specialty"), identity.specialty),
        (_("Institution"), _institution(identity.institution) if identity.institution else ""),
        (_("Words"), "\n".join(words)),
        (_("Fingerprint"), identity.fingerprint),
        (_("Signing key"), _("since {when}").format(when=day(identity.since.astimezone().date()))),
        (
            _("Decryption keys"),
            _("since {when}, replaced on {next}; your words stay").format(
                when=day(current.created.astimezone().date()), next=day(current.ends.astimezone().date())
            ),
        ),
        *(
            (
                _("Old keys"),
                _("of {when}, kept until {end} for what is still on its way").format(
                    when=day(life.created.astimezone().date()), end=day(life.ends.astimezone().date())
                ),
            )
            for life in old
        ),
    ]


def _institution(institution: Institution) -> str:
    number = f"FINESS {institution.finess}" if institution.finess else ""
    return ", ".join(filter(None, (institution.name, institution.facility, number)))
