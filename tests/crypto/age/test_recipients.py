"""Recipients: age's text forms, a stanza that only its identity opens, and bounds on what a stanza asks."""

import os
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monespace_cli.crypto.age import (
    HybridIdentity,
    HybridRecipient,
    Identity,
    ScryptIdentity,
    ScryptRecipient,
    X25519Identity,
    X25519Recipient,
    bech32,
)
from monespace_cli.crypto.age.header import Stanza, to_base64
from monespace_cli.errors import BundleError, UsageError

KEY = b"file key 16 byte"
SEED = b"s" * 32
PAIRS = [
    (HybridIdentity(SEED).recipient, HybridIdentity(SEED)),
    (X25519Identity(SEED).recipient, X25519Identity(SEED)),
    (ScryptRecipient("mot de passe", work_factor=2), ScryptIdentity("mot de passe")),
]
TYPES = ["mlkem768x25519", "X25519", "scrypt"]
Pair = tuple[HybridRecipient | X25519Recipient | ScryptRecipient, HybridIdentity | X25519Identity | ScryptIdentity]

# The examples of C2SP age.md.
X25519_SECRET = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"
X25519_PUBLIC = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"
HYBRID_SECRET = "AGE-SECRET-KEY-PQ-1XX76JRALNLXDMEW0CRK45QMCCH4X06SE84UN3VPM33W6HWDX0H3SK3ZQFR"
HYBRID_PUBLIC_START = "age1pq1x34nzsvr0rxjsgdn8zgyhfe8j7ceq5r9rdelkjuh3y235jzxshfg87pzf5zrqtzdxz95paef6caq5aapdmwjjqpjfdyxnzr2zampc3uxy0dg"

HYBRID_PUBLIC_END = "xpfqdkmhh6gjtqmwze9pyyzk3tlhl53k2ykx3qheyty7saeq0d3fzv49zc0k"  # with the checksum over all of it


def test_the_keys_of_the_specification() -> None:
    x25519, hybrid = X25519Identity.parse(X25519_SECRET), HybridIdentity.parse(HYBRID_SECRET)
    assert x25519.recipient.text == X25519_PUBLIC
    assert hybrid.recipient.text.startswith(HYBRID_PUBLIC_START)
    assert hybrid.recipient.text.endswith(HYBRID_PUBLIC_END)
    assert (x25519.text, hybrid.text) == (X25519_SECRET, HYBRID_SECRET)


@given(st.binary(min_size=32, max_size=32))
@settings(max_examples=10)
def test_texts_round_trip(seed: bytes) -> None:
    for kind in (HybridIdentity, X25519Identity):
        identity = kind(seed)
        assert kind.parse(identity.text) == identity
        assert type(identity.recipient).parse(identity.recipient.text) == identity.recipient


def test_a_hybrid_recipient_has_1959_characters() -> None:
    assert len(HybridIdentity(SEED).recipient.text) == 1959


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (X25519Recipient.parse, HybridIdentity(SEED).recipient.text),
        (HybridRecipient.parse, X25519_PUBLIC),
        (X25519Recipient.parse, X25519_PUBLIC.upper()),
        (X25519Identity.parse, X25519_SECRET.lower()),
        (X25519Identity.parse, HYBRID_SECRET),
        (HybridIdentity.parse, X25519_SECRET),
        (X25519Recipient.parse, X25519_SECRET),
        (X25519Recipient.parse, X25519_PUBLIC[:-1]),
        (X25519Recipient.parse, " " + X25519_PUBLIC),
        (X25519Recipient.parse, "ssh-ed25519 AAAA"),
    ],
)
def test_a_text_of_another_kind_is_refused(read: Callable[[str], object], text: str) -> None:
    with pytest.raises(BundleError, match="not an age key"):
        read(text)


@pytest.mark.parametrize("size", [0, 31, 33])
def test_a_key_of_the_wrong_length_is_refused(size: int) -> None:
    with pytest.raises(BundleError):
        X25519Recipient(bytes(size))
    with pytest.raises(BundleError):
        HybridRecipient(HybridIdentity(SEED).recipient.public[:1184] + bytes(size))


@pytest.mark.parametrize("size", [31, 33])
def test_a_secret_of_the_wrong_length_is_refused(size: int) -> None:
    for kind in (HybridIdentity, X25519Identity):
        with pytest.raises(BundleError, match="not an age key"):
            kind.parse(bech32.encode(kind.PREFIX.lower(), bytes(size)).upper())


def test_an_mlkem_key_that_is_not_reduced_is_refused() -> None:
    with pytest.raises(BundleError):
        HybridRecipient(b"\xff" * 1216)


def test_a_recipient_everybody_shares_a_secret_with_is_refused() -> None:
    with pytest.raises(BundleError):
        X25519Recipient(bytes(32)).wrap(KEY, os.urandom)


def test_secrets_do_not_show() -> None:
    for secret in (HybridIdentity(SEED), X25519Identity(SEED), ScryptIdentity("sss"), ScryptRecipient("sss")):
        assert "sss" not in repr(secret)


@pytest.mark.parametrize("pair", PAIRS, ids=TYPES)
def test_an_identity_opens_its_stanza(pair: Pair) -> None:
    recipient, identity = pair
    stanza = recipient.wrap(KEY, os.urandom)
    assert stanza.type == recipient.type
    assert identity.unwrap(stanza) == KEY
    assert KEY not in stanza.body
    assert recipient.wrap(KEY, os.urandom) != stanza


@pytest.mark.parametrize("pair", PAIRS, ids=TYPES)
def test_a_stanza_for_somebody_else_is_passed_over(pair: Pair) -> None:
    stanza = pair[0].wrap(KEY, os.urandom)
    others: list[Identity] = [HybridIdentity(b"o" * 32), X25519Identity(b"o" * 32), ScryptIdentity("un autre")]
    assert [other.unwrap(stanza) for other in others] == [None, None, None]


@pytest.mark.parametrize("pair", PAIRS, ids=TYPES)
def test_a_stanza_of_another_size_is_refused_before_decrypting(pair: Pair) -> None:
    """Otherwise one file could be made to fit many keys at once (partitioning oracles)."""
    recipient, identity = pair
    stanza = recipient.wrap(KEY, os.urandom)
    first, *rest = stanza.arguments
    bad = [
        recipient.wrap(KEY + KEY, os.urandom),
        replace(stanza, body=stanza.body[:-1]),
        replace(stanza, arguments=(*stanza.arguments, "more")),
        replace(stanza, arguments=()),
        replace(stanza, arguments=(first + "AAAA", *rest)),
        replace(stanza, arguments=(first[:-4], *rest)),
        replace(stanza, arguments=(first + "=", *rest)),
    ]
    for each in bad:
        with pytest.raises(BundleError, match="damaged"):
            identity.unwrap(each)


def test_a_share_of_low_order_is_refused() -> None:
    with pytest.raises(BundleError):
        X25519Identity(SEED).unwrap(Stanza("X25519", (to_base64(bytes(32)).decode(),), bytes(32)))


def asking(work_factor: str) -> Stanza:
    return Stanza("scrypt", (to_base64(bytes(16)).decode(), work_factor), bytes(32))


@pytest.mark.parametrize("work_factor", ["23", "99", "9" * 5000])
def test_a_file_cannot_ask_for_just_any_work(work_factor: str) -> None:
    with pytest.raises(BundleError, match="more work"):
        ScryptIdentity("mot de passe").unwrap(asking(work_factor))


def test_the_limit_of_the_work_is_the_readers() -> None:
    with pytest.raises(BundleError, match="more work"):
        ScryptIdentity("mot de passe", max_work_factor=3).unwrap(asking("4"))
    assert ScryptIdentity("mot de passe", max_work_factor=4).unwrap(asking("4")) is None


@pytest.mark.parametrize("work_factor", ["0", "01", "+1", "-1", "1a", "a", "٣", "1\n"])
def test_a_work_factor_is_written_in_one_way(work_factor: str) -> None:
    with pytest.raises(BundleError, match="damaged"):
        ScryptIdentity("mot de passe").unwrap(asking(work_factor))


def test_the_work_of_a_new_file() -> None:
    assert ScryptRecipient("mot de passe").work_factor == 18
    assert ScryptIdentity("mot de passe").max_work_factor == 20


def test_a_passphrase_is_the_same_from_every_keyboard() -> None:
    stanza = ScryptRecipient("No\u00ebl", work_factor=2).wrap(KEY, os.urandom)
    assert ScryptIdentity("Noe\u0308l").unwrap(stanza) == KEY


def test_a_passphrase_that_is_no_text_is_refused() -> None:
    with pytest.raises(UsageError):
        ScryptRecipient("caf\udce9").wrap(KEY, os.urandom)
