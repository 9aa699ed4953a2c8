"""What revocations and corrections do to earlier bundles and their documents, in whatever order they all arrive.

The rule is about what came, not about what came last, so that every order ends in the same place: a document stands as long as one
bundle that brought it does, or the holder put it in themselves. Otherwise it is history: of what a correction put in its place, or of
nothing where its sender took it back.
"""

from dataclasses import replace

from monespace_cli.record.access import HIDDEN_FROM_REPRESENTATIVES, MASKED
from monespace_cli.record.document import Author, Document, DocumentId
from monespace_cli.record.exchange import ReceivedState
from monespace_cli.sync.kinds import Kind
from monespace_cli.sync.manifest import read_manifest
from monespace_cli.vault.inbox import ReceivedBundle, Withdrawal
from monespace_cli.vault.vault import Vault

TAKEN = (ReceivedState.ACCEPTED, ReceivedState.PARTLY)

HIDDEN_BY_HOLDER = (MASKED, HIDDEN_FROM_REPRESENTATIVES)
"""What a person may have set themselves: no sender takes it away."""

End = tuple[str, DocumentId | None]
"""How a document of a bundle stopped standing: the bundle that says so, and what took its place."""


def note_withdrawal(vault: Vault, withdrawal: Withdrawal) -> None:
    """Keep what a sender says of an earlier bundle, and act on it if that came, in the caller's transaction."""
    vault.inbox.withdraw(withdrawal)
    settle(vault, withdrawal.bundle)


def settle(vault: Vault, bundle: str) -> None:
    """Bring a bundle's documents to what all that came says of them, in the caller's transaction; doing it again changes nothing."""
    received = vault.inbox.get(bundle)
    if received is None:
        return
    if received.state is ReceivedState.WAITING and _is_revoked(vault, received):
        vault.inbox.decide(received, ReceivedState.REVOKED, code="revoked")
    if received.kind == Kind.HANDOVER:  # it says itself which of its documents are history
        return
    is_spoken_of = bool(vault.inbox.withdrawals(bundle))
    for document in filter(None, _documents(received)):
        if is_spoken_of or _is_history(vault, document):
            _place(vault, document)


def _is_history(vault: Vault, document: DocumentId) -> bool:
    """Tell whether a document was corrected or taken back before: the same bytes may have come again."""
    known = vault.documents.get(document)
    return known is not None and vault.documents.history.supersession(known) is not None


def _place(vault: Vault, document: DocumentId) -> None:
    """Let a document stand, or put it where it belongs."""
    brought = [bundle for bundle in vault.inbox.holding(document) if bundle.state in TAKEN]
    ends = [_end(vault, bundle, document) for bundle in brought]
    known = vault.documents.get(document)
    if None in ends or known is None or known.provenance.author is Author.HOLDER:
        vault.documents.history.reinstate(document)
        standing = [bundle for bundle, end in zip(brought, ends, strict=True) if end is None]
        _describe(vault, known, [bundle for bundle in standing if bundle.kind == Kind.CORRECTION])
    elif ends:
        by, successor = max((end for end in ends if end), key=lambda end: (end[1] is None, end[0]))
        vault.documents.history.supersede(document, successor, by)


def _describe(vault: Vault, known: Document | None, corrections: list[ReceivedBundle]) -> None:
    """Let a document whose bytes a correction left as they are say of itself what the latest one says.

    Its provenance then names that bundle, so that it is done once: what a person changes afterwards stays, and so does what they hid.
    """
    if known is None or known.provenance.author is Author.HOLDER or not corrections:
        return
    manifests = [(read_manifest(bundle.manifest.encode()), bundle) for bundle in corrections]
    manifest, last = max(manifests, key=lambda pair: (pair[0].created, pair[0].bundle))
    if known.provenance.bundle == last.bundle:
        return
    info = manifest.documents[_documents(last).index(known.id)][1]
    hidden = [code for code in known.confidentiality if code in HIDDEN_BY_HOLDER]
    vault.documents.edit(
        known,
        title=info.title,
        type_code=info.type_code,
        date=info.date,
        practitioner=info.practitioner,
        confidentiality=tuple(dict.fromkeys((*info.confidentiality, *hidden))),
        provenance=replace(known.provenance, bundle=last.bundle, signer=last.sender),
    )


def _end(vault: Vault, bundle: ReceivedBundle, document: DocumentId) -> End | None:
    """Return what a bundle's sender said later of this document of it, or None where it stands. Who has seen a share has seen it."""
    if bundle.kind == Kind.SHARE:
        return None
    said = [each for each in vault.inbox.withdrawals(bundle.bundle) if _is_by_same(vault, each, bundle)]
    for withdrawal in said:
        if withdrawal.kind == Kind.REVOCATION:
            return withdrawal.by, None
    for withdrawal in said:
        correction = vault.inbox.get(withdrawal.by)
        if correction and correction.state in TAKEN:
            place, successors = _documents(bundle).index(document), _documents(correction)
            return withdrawal.by, successors[place] if place < len(successors) else None
    return None


def _is_revoked(vault: Vault, bundle: ReceivedBundle) -> bool:
    return any(_is_by_same(vault, each, bundle) and each.kind == Kind.REVOCATION for each in vault.inbox.withdrawals(bundle.bundle))


def _is_by_same(vault: Vault, withdrawal: Withdrawal, bundle: ReceivedBundle) -> bool:
    """Tell whether who withdraws is who sent; their key may have been renewed in between."""
    return withdrawal.sender == bundle.sender or withdrawal.sender == vault.contacts.current(bundle.sender)


def _documents(bundle: ReceivedBundle) -> list[DocumentId | None]:
    """Return the ids of a bundle's documents here, in its order; one that was not taken in has none."""
    return [DocumentId(each["document"]) if each.get("document") else None for each in bundle.documents]
