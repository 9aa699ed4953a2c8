"""Whom a bundle is about, among the people whose spaces this vault holds."""

from dataclasses import dataclass

from monespace_cli.errors import BundleError
from monespace_cli.i18n import _
from monespace_cli.record.identity import Identity, Match, match_identity
from monespace_cli.sync.kinds import Kind
from monespace_cli.sync.manifest import Manifest
from monespace_cli.vault.in_use import OWNER_SPACE
from monespace_cli.vault.vault import Vault


@dataclass(frozen=True, slots=True)
class Recognised:
    """Which space a bundle belongs to, and how sure that is."""

    match: Match | None = None
    """None where there is nobody to be recognised: a share is filed under whom it is about, whoever that is."""
    space: int | None = None
    problem: str | None = None
    """Why a share cannot be filed: `other-signer`, this person's earlier papers were signed with another key."""

    def space_in(self, vault: Vault, manifest: Manifest) -> int:
        """Return the space, which is made where a share is the first about its subject."""
        if self.space is not None:
            return self.space
        assert manifest.subject is not None, "bundles with documents are about somebody"
        return space_of(vault, manifest.subject, manifest.sender)


def recognise(vault: Vault, manifest: Manifest) -> Recognised:
    """Return whom a bundle is about."""
    if manifest.subject is None:
        return Recognised()
    if manifest.kind is Kind.SHARE:
        number = vault.spaces.number_of(manifest.subject)
        other = number is not None and vault.spaces.signer(number) not in (None, manifest.sender)
        return Recognised(None, number, "other-signer" if other else None)
    return best_match(vault, manifest.subject)


def best_match(vault: Vault, subject: Identity) -> Recognised:
    """Return the one space whose person fits best, of those made here; two that fit equally well are for a person to tell apart."""
    matches = [(match_identity(subject, owner), number) for number, owner in vault.spaces.own().items() if isinstance(owner, Identity)]
    for wanted in (Match.SAME, Match.WITHOUT_INS):
        found = [number for match, number in matches if match is wanted]
        if found:
            return Recognised(wanted if len(found) == 1 else Match.DIFFERENT, found[0])
    return Recognised(Match.DIFFERENT, OWNER_SPACE)


def space_of(vault: Vault, subject: Identity, signer: str) -> int:
    """Return the space of exactly this person; one is made where there is none, so that nobody's papers go into another one's space.

    Raises:
        BundleError: this person's earlier papers were signed with another key.
    """
    number = vault.spaces.number_of(subject)
    if number is None:
        return vault.spaces.add(subject, signer)
    if vault.spaces.signer(number) not in (None, signer):
        raise BundleError(
            _("this person's earlier papers were signed with another key"),
            hint=_("ask them, face to face or by phone, whether they have a new one; do not go on before"),
        )
    return number
