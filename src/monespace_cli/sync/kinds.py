"""What a bundle can be, the signature namespace that each kind has, and who may sign what (docs/formats/bundle-v1.md §5)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from monespace_cli.record.card import Role

CARD_NAMESPACE: Final = "monespace-card-v1"
REVOCATION_NAMESPACE: Final = "monespace-revocation-certificate-v1"


class Kind(StrEnum):
    """What crosses from one person to another. Values are signed: they are added to, never renamed."""

    SHARE = "share"
    DEPOSIT = "deposit"
    CORRECTION = "correction"
    HANDOVER = "handover"
    RECEIPT = "receipt"
    REVOCATION = "revocation"
    RENEWAL = "renewal"
    IDENTITY_REVOCATION = "identity-revocation"

    @property
    def namespace(self) -> str:
        """The SSHSIG namespace of its manifest, so that a signature for one kind serves for no other."""
        return f"monespace-{self}-v1"

    @property
    def rule(self) -> "Rule":
        """Who may sign it, and what it holds."""
        return RULES[self]


class Content(StrEnum):
    """What a bundle holds besides its manifest."""

    DOCUMENTS = "documents"
    RECORD = "record"
    """Documents, or none, and a person's record as data."""
    BODY = "body"
    """A few signed words and no document."""


class Binding(StrEnum):
    """Who must have signed, beyond what the signer's card says."""

    NOBODY = "nobody"
    """No bundle that came before decides it: the receiver judges the sender."""
    SIGNER = "signer"
    """Who signed the bundle that this one speaks of."""
    RECIPIENT = "recipient"
    """The recipient of the receiver's own bundle that this one speaks of."""
    SELF = "self"
    """Whoever represented the receiver, whom it is about."""
    CONTACT = "contact"
    """Somebody whose key the receiver knows, about themselves."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table."""

    signers: frozenset[Role]
    """What the signer's card may say."""
    content: Content
    binding: Binding = Binding.NOBODY
    by_passphrase: bool = False
    """Whether somebody without a card can be sent it."""

    @property
    def has_documents(self) -> bool:
        """Whether it can hold documents, and so is about a person."""
        return self.content is not Content.BODY


_HOLDERS, _PRACTITIONERS, _ANYBODY = frozenset({Role.HOLDER}), frozenset({Role.PRACTITIONER}), frozenset(Role)

RULES: Final = {
    Kind.SHARE: Rule(_HOLDERS, Content.DOCUMENTS, by_passphrase=True),
    Kind.DEPOSIT: Rule(_PRACTITIONERS, Content.DOCUMENTS),
    Kind.CORRECTION: Rule(_PRACTITIONERS, Content.DOCUMENTS, Binding.SIGNER),
    Kind.HANDOVER: Rule(_HOLDERS, Content.RECORD, Binding.SELF, by_passphrase=True),
    Kind.RECEIPT: Rule(_ANYBODY, Content.BODY, Binding.RECIPIENT),
    Kind.REVOCATION: Rule(_ANYBODY, Content.BODY, Binding.SIGNER),
    Kind.RENEWAL: Rule(_ANYBODY, Content.BODY, Binding.CONTACT),
    Kind.IDENTITY_REVOCATION: Rule(_ANYBODY, Content.BODY),
}
