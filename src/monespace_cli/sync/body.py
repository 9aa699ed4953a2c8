"""What bundles without documents say: `BODY.json`, canonical JSON whose hash the signed manifest holds (docs/formats/bundle-v1.md §3.1)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from monespace_cli.errors import BundleError, UnreadableInputError
from monespace_cli.i18n import _
from monespace_cli.record.card import Card
from monespace_cli.record.exchange import Outcome
from monespace_cli.sync.canonical import FormatError, Json, from_canonical, to_canonical
from monespace_cli.sync.card import read_card
from monespace_cli.sync.fields import Fields
from monespace_cli.sync.kinds import Kind
from monespace_cli.sync.limits import LIMITS

CODE: Final = "[a-z][a-z0-9-]{0,39}"
_ID_DIGITS = 32
_SHA256_DIGITS = 64


@dataclass(frozen=True, slots=True)
class DocumentOutcome:
    """What became of one document."""

    sha256: str
    outcome: Outcome
    code: str | None = None
    """Why, as a stable word: `duplicate`, `unsupported-type` …"""


@dataclass(frozen=True, slots=True)
class Receipt:
    """That a bundle arrived, and what became of it."""

    bundle: str
    """Id of the bundle it answers."""
    manifest: str
    """SHA-256 of that bundle's `MANIFEST.json`, so that it answers this bundle and no other of the same id."""
    outcome: Outcome
    code: str | None = None
    """Why the whole was refused; None also where the sender is not to learn it."""
    documents: tuple[DocumentOutcome, ...] = ()
    """In the bundle's order; empty as long as nothing was decided."""


@dataclass(frozen=True, slots=True)
class Revocation:
    """That what an earlier bundle of the same signer gave is withdrawn. What was read stays read."""

    bundle: str
    manifest: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Renewal:
    """The signer's next card, vouched for by the key that was known before."""

    card: bytes
    """The new card file, signed by its own key."""

    @property
    def new_card(self) -> Card:
        """The new card. The body was read or made here, so that it is one."""
        return read_card(self.card)


@dataclass(frozen=True, slots=True)
class IdentityRevocation:
    """That nothing signed with the signer's key counts any more: it was stolen or lost."""

    reason: str = ""


Body = Receipt | Revocation | Renewal | IdentityRevocation


def body_bytes(body: Body) -> bytes:
    """Return `BODY.json`."""
    return to_canonical(_to_json(body))


def read_body(kind: Kind, data: bytes) -> Body:
    """Return what a bundle of this kind says.

    Raises:
        BundleError: not in the format, or a member out of its bounds.
        NewerFormatError: a card of a later release.
    """
    try:
        fields = Fields(from_canonical(data, max_size=LIMITS.body))
        body: Body = _READERS[kind](fields)
        fields.end()
    except FormatError:
        raise BundleError(_("what the bundle says is not in the form that it must have"), hint=_("ask the sender for a new one")) from None
    return body


def kind_of(body: Body) -> Kind:
    """Return the kind of bundle that says this."""
    return _KINDS[type(body)]


def _to_json(body: Body) -> Json:
    match body:
        case Receipt():
            documents: list[Json] = [{"code": d.code, "outcome": d.outcome.value, "sha256": d.sha256} for d in body.documents]
            about: dict[str, Json] = {"bundle": body.bundle, "manifest": body.manifest}
            return {**about, "code": body.code, "documents": documents, "outcome": body.outcome.value}
        case Revocation():
            return {"bundle": body.bundle, "manifest": body.manifest, "reason": body.reason}
        case Renewal():
            return {"card": body.card.decode()}
        case IdentityRevocation():
            return {"reason": body.reason}


def _receipt(fields: Fields) -> Receipt:
    receipt = Receipt(
        fields.hex("bundle", _ID_DIGITS),
        fields.hex("manifest", _SHA256_DIGITS),
        fields.choice("outcome", Outcome),
        _code(fields),
        tuple(_document(Fields(item)) for item in fields.array("documents", most=LIMITS.documents)),
    )
    if receipt.outcome is Outcome.PARTLY and not receipt.documents:
        raise FormatError("partly, and no document")
    return receipt


def _document(fields: Fields) -> DocumentOutcome:
    document = DocumentOutcome(fields.hex("sha256", _SHA256_DIGITS), fields.choice("outcome", Outcome), _code(fields))
    fields.end()
    if document.outcome is Outcome.PARTLY:
        raise FormatError("a document is accepted or not")
    return document


def _code(fields: Fields) -> str | None:
    return None if fields.is_null("code") else fields.matching("code", CODE)


def _revocation(fields: Fields) -> Revocation:
    return Revocation(
        fields.hex("bundle", _ID_DIGITS),
        fields.hex("manifest", _SHA256_DIGITS),
        fields.text("reason", longest=LIMITS.purpose, shortest=0),
    )


def _identity_revocation(fields: Fields) -> IdentityRevocation:
    return IdentityRevocation(fields.text("reason", longest=LIMITS.purpose, shortest=0))


def _renewal(fields: Fields) -> Renewal:
    card = fields.raw_text("card", longest=LIMITS.card).encode()
    try:
        read_card(card)
    except UnreadableInputError:
        raise FormatError("not a card") from None
    return Renewal(card)


_READERS: dict[Kind, Callable[[Fields], Body]] = {
    Kind.RECEIPT: _receipt,
    Kind.REVOCATION: _revocation,
    Kind.RENEWAL: _renewal,
    Kind.IDENTITY_REVOCATION: _identity_revocation,
}
_KINDS: dict[type, Kind] = {
    Receipt: Kind.RECEIPT,
    Revocation: Kind.REVOCATION,
    Renewal: Kind.RENEWAL,
    IdentityRevocation: Kind.IDENTITY_REVOCATION,
}
