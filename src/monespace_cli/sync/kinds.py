"""What a bundle can be, and the signature namespace that each kind has (docs/formats/bundle-v1.md §5)."""

from enum import StrEnum
from typing import Final

CARD_NAMESPACE: Final = "monespace-card-v1"


class Kind(StrEnum):
    """What crosses from one person to another. Values are signed: they are added to, never renamed."""

    SHARE = "share"

    @property
    def namespace(self) -> str:
        """The SSHSIG namespace of its manifest, so that a signature for one kind serves for no other."""
        return f"monespace-{self}-v1"
