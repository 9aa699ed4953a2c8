"""Every kind of bundle: what goes in comes out, who may sign it, and what binds it to an earlier one."""

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from monespace_cli.crypto import sshsig
from monespace_cli.errors import BundleError, NewerFormatError, RevokedIdentityError, UnverifiedError, UsageError
from monespace_cli.record.card import Role
from monespace_cli.record.document import Author, Provenance
from monespace_cli.record.exchange import Outcome
from monespace_cli.record.identity import Identity, Sex
from monespace_cli.sync import layout
from monespace_cli.sync.body import Body, DocumentOutcome, IdentityRevocation, Receipt, Renewal, Revocation, body_bytes, kind_of, read_body
from monespace_cli.sync.canonical import to_canonical
from monespace_cli.sync.card import card_text
from monespace_cli.sync.keys import OwnKeys
from monespace_cli.sync.kinds import RULES, Binding, Content, Kind
from monespace_cli.sync.opening import OpenedBundle, Policy, Seen, Standing
from monespace_cli.sync.sealing import Contents, Sender, ToContact, ToPassphrase
from tests.sync.people import (
    EVE_KEYS,
    FROM_LUC,
    KNOWN,
    LUC,
    LUC_KEYS,
    NOW,
    PDF,
    SENDER,
    TO_LUC_COMPAT,
    TO_ZOE,
    ZOE,
    ZOE_KEYS,
    decrypted,
    document,
    encrypted,
    opened,
    sealed,
    unzipped,
    zipped,
)

BUNDLE, DIGEST = "ef" * 16, "01" * 32
CHILD = Identity("MARTIN", ("Léo",), date(2008, 11, 1), Sex.MALE)
NEW_CARD = card_text(EVE_KEYS.card(ZOE, NOW), EVE_KEYS.signing)
BOTH = (DocumentOutcome("23" * 32, Outcome.ACCEPTED), DocumentOutcome("45" * 32, Outcome.QUARANTINED, "empty"))
BODIES: list[Body] = [
    Receipt(BUNDLE, DIGEST, Outcome.RECEIVED),
    Receipt(BUNDLE, DIGEST, Outcome.REFUSED, "identity-mismatch"),
    Receipt(BUNDLE, DIGEST, Outcome.PARTLY, None, BOTH),
    Revocation(BUNDLE, DIGEST, "envoyé à tort"),
    Renewal(NEW_CARD),
    IdentityRevocation("volée"),
]
MINE = replace(KNOWN, is_recipient=lambda _card, _receipt: True, is_signer=lambda _card, _bundle: True)


def contents(kind: Kind, **changes: Any) -> Contents:
    """Something of each kind."""
    plain = Contents(kind)
    rule = kind.rule
    if rule.has_documents:
        author = Author.HOLDER if Role.HOLDER in rule.signers else Author.PRACTITIONER
        paper = document(provenance=Provenance(author), type_code="11502-2")
        plain = replace(plain, subject=CHILD if kind is Kind.HANDOVER else ZOE, documents=(paper,))
    else:
        plain = replace(plain, body=next(body for body in BODIES if kind_of(body) is kind))
    if rule.content is Content.RECORD:
        plain = replace(plain, record=b'{"entries":[]}')
    if kind is Kind.CORRECTION:
        plain = replace(plain, supersedes=BUNDLE)
    return replace(plain, **changes)


def signer(kind: Kind) -> tuple[Sender, ToContact, OwnKeys]:
    """Who may send it, to whom, and who opens it."""
    return (SENDER, TO_LUC_COMPAT, LUC_KEYS) if Role.HOLDER in kind.rule.signers else (FROM_LUC, TO_ZOE, ZOE_KEYS)


def sent(kind: Kind, policy: Policy = MINE, **changes: Any) -> OpenedBundle:
    sender, to, opener = signer(kind)
    return opened(sealed(contents(kind, **changes), sender=sender, to=to), opener=opener, policy=policy)


def test_every_kind_has_its_row() -> None:
    assert set(RULES) == set(Kind)
    assert len({kind.namespace for kind in Kind}) == len(Kind)


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_comes_out_as_it_went_in(kind: Kind) -> None:
    what, bundle = contents(kind), sent(kind)
    assert (bundle.manifest.kind, bundle.manifest.subject) == (kind, what.subject)
    assert [found.open().read() for found in bundle.documents] == [PDF] * len(what.documents)
    assert (bundle.body, bundle.record) == (what.body, what.record)
    assert bundle.warnings == ()


def test_a_handover_may_have_no_document() -> None:
    assert sent(Kind.HANDOVER, documents=()).documents == ()


@pytest.mark.parametrize("kind", [Kind.SHARE, Kind.DEPOSIT, Kind.CORRECTION])
def test_the_others_have_one_at_least(kind: Kind) -> None:
    with pytest.raises(UsageError):
        sent(kind, documents=())


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind.rule.signers != frozenset(Role)])
def test_who_may_not_sign_a_kind_neither_makes_it_nor_passes_one_off(kind: Kind) -> None:
    sender, to, opener = signer(kind)
    wrong = FROM_LUC if sender is SENDER else SENDER
    with pytest.raises(UsageError):
        sealed(contents(kind), sender=wrong, to=to)
    disguised = replace(sender.card, role=wrong.card.role, profession=wrong.card.profession, rpps=wrong.card.rpps)
    forged = forge(
        sealed(contents(kind), sender=sender, to=to),
        sender.keys,
        opener,
        {"sender_card": card_text(disguised, sender.keys.signing).decode()},
    )
    with pytest.raises(BundleError, match="may not sign"):
        opened(forged, opener=opener, policy=MINE)


def forge(data: bytes, keys: OwnKeys, opener: OwnKeys, changes: dict[str, Any], kind: Kind | None = None) -> bytes:
    """The same bundle with a manifest that was changed and signed again."""
    files = unzipped(decrypted(data, opener.identities))
    manifest = json.loads(files[layout.MANIFEST]) | changes
    files[layout.MANIFEST] = to_canonical(manifest)
    namespace = (kind or Kind(manifest["kind"])).namespace
    files[layout.SIGNATURE] = sshsig.sign(keys.signing, files[layout.MANIFEST], namespace)
    return encrypted(zipped(files), opener.decryption[1].identity.recipient)


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("other", Kind)
def test_a_signature_serves_for_its_own_kind_only(kind: Kind, other: Kind) -> None:
    sender, to, opener = signer(kind)
    forged = forge(sealed(contents(kind), sender=sender, to=to), sender.keys, opener, {}, other)
    if kind is other:
        assert opened(forged, opener=opener, policy=MINE).manifest.kind is kind
    else:
        with pytest.raises(BundleError, match="purpose"):
            opened(forged, opener=opener, policy=MINE)


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("other", Kind)
def test_no_kind_has_the_form_of_another_that_holds_other_things(kind: Kind, other: Kind) -> None:
    if kind.rule.content is other.rule.content:
        return
    sender, to, opener = signer(kind)
    with pytest.raises(BundleError):
        opened(forge(sealed(contents(kind), sender=sender, to=to), sender.keys, opener, {"kind": other}), opener=opener, policy=MINE)


def test_a_deposit_is_by_who_deposits() -> None:
    holders, insurers = (document(provenance=Provenance(author)) for author in (Author.HOLDER, Author.INSURER))
    for mixed in ((holders,), (insurers, holders)):
        with pytest.raises(BundleError):
            sent(Kind.DEPOSIT, documents=mixed)
    assert sent(Kind.DEPOSIT, documents=(insurers,)).documents


@pytest.mark.parametrize("kind", [kind for kind in Kind if not kind.rule.by_passphrase])
def test_a_kind_for_a_person_is_not_sealed_with_a_passphrase(kind: Kind) -> None:
    with pytest.raises(BundleError):
        sealed(contents(kind), sender=signer(kind)[0], to=ToPassphrase("quatre mots de passe", work_factor=2))


def test_a_correction_names_what_it_corrects() -> None:
    with pytest.raises(BundleError):
        sent(Kind.CORRECTION, supersedes=None)


def test_a_receipt_is_by_the_recipient_of_what_it_names() -> None:
    asked = []

    def is_recipient(card: object, receipt: Receipt) -> bool:
        asked.append((card, receipt.bundle, receipt.manifest))
        return False

    with pytest.raises(BundleError, match="no bundle that you made"):
        sent(Kind.RECEIPT, replace(MINE, is_recipient=is_recipient))
    assert asked == [(SENDER.card, BUNDLE, DIGEST)]


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind.rule.binding is Binding.SIGNER])
def test_only_the_signer_of_the_original_corrects_or_revokes_it(kind: Kind) -> None:
    with pytest.raises(BundleError, match="only who signed"):
        sent(kind, replace(MINE, is_signer=lambda _card, bundle: bundle != BUNDLE))
    early = replace(MINE, is_signer=lambda _card, _bundle: None)
    assert sent(kind, early).manifest.kind is kind, "the original may come later"


@pytest.mark.parametrize("kind", Kind)
def test_a_stranger_is_accepted_by_a_person_or_not_needed(kind: Kind) -> None:
    stranger = replace(MINE, standing_of=lambda _card: Standing.UNKNOWN)
    if kind in (Kind.RECEIPT, Kind.REVOCATION, Kind.IDENTITY_REVOCATION):
        assert sent(kind, stranger).manifest.kind is kind
    elif kind is Kind.RENEWAL:
        with pytest.raises(BundleError, match="a key that you do not know"):
            sent(kind, replace(stranger, accepts_unverified=True))
    else:
        with pytest.raises(UnverifiedError):
            sent(kind, stranger)
        assert sent(kind, replace(stranger, accepts_unverified=True)).warnings == ("sender-unknown",)


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("standing", [Standing.REVOKED, Standing.CHANGED])
def test_a_key_that_does_not_count_says_nothing_but_that(kind: Kind, standing: Standing) -> None:
    policy = replace(MINE, standing_of=lambda _card: standing, accepts_unverified=True)
    if kind is Kind.IDENTITY_REVOCATION:
        assert sent(kind, policy).manifest.kind is kind
    else:
        with pytest.raises(RevokedIdentityError if standing is Standing.REVOKED else BundleError):
            sent(kind, policy)


def test_a_renewed_card_may_bear_another_name_and_is_not_older() -> None:
    married = replace(ZOE, family_name="DURAND")
    assert sent(Kind.RENEWAL, body=Renewal(card_text(EVE_KEYS.card(married, NOW), EVE_KEYS.signing))).body
    with pytest.raises(BundleError, match="older than"):
        sent(Kind.RENEWAL, body=Renewal(card_text(EVE_KEYS.card(ZOE, NOW - timedelta(days=1)), EVE_KEYS.signing)))
    with pytest.raises(BundleError, match="somebody else"):
        sent(Kind.RENEWAL, body=Renewal(card_text(EVE_KEYS.card(LUC, NOW), EVE_KEYS.signing)))


@pytest.mark.parametrize("kind", Kind)
def test_an_id_that_another_bundle_had_is_refused(kind: Kind) -> None:
    with pytest.raises(BundleError, match="another bundle"):
        sent(kind, replace(MINE, seen=lambda _manifest: Seen.OTHER))


@pytest.mark.parametrize("subject", [CHILD, replace(ZOE, family_name="DURAND")])
def test_a_share_by_who_represents_a_person_says_so(subject: Identity) -> None:
    assert sent(Kind.SHARE, subject=subject).warnings == ("by-representative",)


@pytest.mark.parametrize("body", BODIES)
def test_a_body_comes_out_as_it_went_in(body: Body) -> None:
    assert read_body(kind_of(body), body_bytes(body)) == body


def bad_bodies() -> list[tuple[Kind, dict[str, Any]]]:
    receipt = json.loads(body_bytes(BODIES[2]))
    one = receipt["documents"][0]
    changes: list[dict[str, Any]] = [
        {"bundle": "EF" * 16}, {"manifest": ""}, {"outcome": "lost"}, {"outcome": None}, {"code": ""}, {"code": "Has Space"},
        {"code": "x" * 41}, {"documents": {}}, {"documents": []}, {"more": 1}, {"documents": [{**one, "outcome": "partly"}]},
        {"documents": [{**one, "x": 1}]}, {"documents": [one] * 2001},
    ]  # fmt: skip
    revocation = json.loads(body_bytes(BODIES[3]))
    return [
        *((Kind.RECEIPT, receipt | change) for change in changes),
        *((Kind.REVOCATION, revocation | change) for change in ({"reason": "a\u202eb"}, {"reason": "x" * 501}, {"bundle": None})),
        *((Kind.RENEWAL, {"card": card}) for card in ("", "hello", NEW_CARD.decode().replace("MARTIN", "MARTIM"), 7)),
    ]


@pytest.mark.parametrize(("kind", "body"), bad_bodies())
def test_a_body_out_of_bounds_is_refused(kind: Kind, body: dict[str, Any]) -> None:
    with pytest.raises(BundleError):
        read_body(kind, to_canonical(body))


def test_a_card_of_a_later_release_says_so() -> None:
    line, _end, rest = NEW_CARD.partition(b"\n")
    newer = line.replace(b'"version":1', b'"version":2') + b"\n" + rest
    with pytest.raises(NewerFormatError):
        read_body(Kind.RENEWAL, to_canonical({"card": newer.decode()}))
