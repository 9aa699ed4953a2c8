"""What the owner of a vault sees of their own keys."""

from dataclasses import dataclass
from datetime import datetime

from monespace_cli.record.identity import Institution
from monespace_cli.record.key_life import KeyLife


@dataclass(frozen=True, slots=True)
class OwnIdentity:
    """Who somebody is to those they exchange with."""

    name: str
    fingerprint: str
    since: datetime
    """When the signing key was made."""
    decryption: tuple[KeyLife, ...]
    """Of the keys that bundles are encrypted to, oldest first; the last are on the card."""
    institution: Institution | None = None
    """Where a practitioner works."""
    specialty: str = ""
    """What a physician is qualified in: its code and name."""
