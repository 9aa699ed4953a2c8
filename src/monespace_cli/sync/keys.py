"""One's own secret keys: the signing key that is one's fingerprint, and the dated keys that bundles to oneself are encrypted to.

The vault makes and keeps them, as seeds. Decryption keys are a list, so that new ones can be added while bundles to the old ones may
still arrive. Python cannot wipe them from memory.
"""

from dataclasses import dataclass, field
from datetime import datetime

from monespace_cli.crypto import age
from monespace_cli.crypto.signing import SigningKey
from monespace_cli.record.card import Card, Recipient, RecipientType, Role, fingerprint
from monespace_cli.record.identity import Owner, PractitionerIdentity
from monespace_cli.sync.fields import moment_text, plain
from monespace_cli.sync.limits import LIMITS

NativeRecipient = age.HybridRecipient | age.X25519Recipient
NativeIdentity = age.HybridIdentity | age.X25519Identity


def age_recipient(recipient: Recipient) -> NativeRecipient:
    """Return the public key on a card as age uses it.

    Raises:
        BundleError: its text is not a key of its type.
    """
    parser = age.HybridRecipient if recipient.type is RecipientType.HYBRID else age.X25519Recipient
    return parser.parse(recipient.public)


@dataclass(frozen=True, slots=True)
class DecryptionKey:
    """A secret key that bundles are encrypted to, with the day it was made."""

    type: RecipientType
    seed: bytes = field(repr=False)
    """32 bytes."""
    created: datetime

    @property
    def identity(self) -> NativeIdentity:
        """The key as age uses it."""
        return age.HybridIdentity(self.seed) if self.type is RecipientType.HYBRID else age.X25519Identity(self.seed)

    @property
    def recipient(self) -> Recipient:
        """The public half, as it stands on a card."""
        return Recipient(self.type, self.identity.recipient.text, self.created)


@dataclass(frozen=True, slots=True)
class SecretExport:
    """One's own keys in the forms of public tools. Whoever has them reads what is sent to this person, and signs in their name."""

    age: str = field(repr=False)
    """Identity file with every key, for `age` from 1.3 on (`age -d -i`)."""
    age_compat: str = field(repr=False)
    """Identity file with the X25519 keys alone, which is all that older programs read."""
    ssh: str = field(repr=False)
    """OpenSSH private key file, for `ssh-keygen -Y sign -f`."""


@dataclass(frozen=True, slots=True)
class OwnKeys:
    """The secret keys of a vault's owner."""

    signing_seed: bytes = field(repr=False)
    """32 bytes."""
    decryption: tuple[DecryptionKey, ...]
    earlier: frozenset[str] = frozenset()
    """Fingerprints of signing keys before this one: bundles to them may still arrive."""

    @property
    def signing(self) -> SigningKey:
        """The key that signs cards and bundles."""
        return SigningKey.from_seed(self.signing_seed)

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the signing key, 64 hexadecimal digits."""
        return fingerprint(self.signing.public)

    def is_meant(self, recipient: str) -> bool:
        """Tell whether a bundle that names this recipient is for the owner of these keys."""
        return recipient == self.fingerprint or recipient in self.earlier

    @property
    def identities(self) -> list[NativeIdentity]:
        """What opens bundles to this person, oldest keys included."""
        return [key.identity for key in self.decryption]

    def card(self, owner: Owner, issued: datetime) -> Card:
        """Return the public identity of these keys' owner. A holder's card has no INS and no birth date."""
        practitioner = owner if isinstance(owner, PractitionerIdentity) else None
        return Card(
            family_name=plain(owner.family_name, LIMITS.name),
            given_name=plain(owner.given_names[0], LIMITS.name),
            role=Role.PRACTITIONER if practitioner else Role.HOLDER,
            signing_key=self.signing.public,
            recipients=tuple(key.recipient for key in {key.type: key for key in self.decryption}.values()),  # the newest of each type
            issued=issued.replace(microsecond=0),
            profession=practitioner.profession if practitioner else None,
            rpps=practitioner.rpps if practitioner else None,
        )

    def export_secret(self) -> SecretExport:
        """Return the keys for public tools. The caller asks first, and warns."""
        classical = [key for key in self.decryption if key.type is RecipientType.X25519]
        return SecretExport(self._age_file(self.decryption), self._age_file(classical), self.signing.openssh_private())

    def _age_file(self, keys: "list[DecryptionKey] | tuple[DecryptionKey, ...]") -> str:
        lines = [f"# secret keys of {self.fingerprint}"]
        for key in keys:
            lines += [f"# {key.type}, {moment_text(key.created)}", f"# public key: {key.recipient.public}", key.identity.text]
        return "\n".join([*lines, ""])
