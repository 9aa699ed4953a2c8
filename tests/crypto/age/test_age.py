"""The whole age file: who opens it, what is refused, and no byte of it free to change."""

import io
import os
import tracemalloc
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monespace_cli.crypto import age
from monespace_cli.crypto.age.header import MAX_HEADER_SIZE
from monespace_cli.errors import BundleError, UsageError

HYBRID, X25519 = age.HybridIdentity(b"h" * 32), age.X25519Identity(b"x" * 32)
PASSPHRASE = age.ScryptRecipient("mot de passe", work_factor=2)


def encrypted(plain: bytes, *recipients: age.Recipient) -> bytes:
    sink = io.BytesIO()
    with age.encrypt(sink, recipients) as writer:
        writer.write(plain)
    return sink.getvalue()


def decrypted(data: bytes, *identities: age.Identity) -> bytes:
    return age.decrypt(io.BytesIO(data), identities).read()


FILES = [
    (encrypted(b"plain", HYBRID.recipient), HYBRID),
    (encrypted(b"plain", X25519.recipient), X25519),
    (encrypted(b"plain", PASSPHRASE), age.ScryptIdentity("mot de passe")),
]


@given(st.binary(max_size=1000))
def test_what_goes_in_comes_out(plain: bytes) -> None:
    for recipient, identity in ((HYBRID.recipient, HYBRID), (X25519.recipient, X25519), (PASSPHRASE, age.ScryptIdentity("mot de passe"))):
        assert decrypted(encrypted(plain, recipient), identity) == plain


def test_every_recipient_opens_it_and_nobody_else() -> None:
    second = age.HybridIdentity(b"2" * 32)
    data = encrypted(b"plain", HYBRID.recipient, second.recipient)
    assert [decrypted(data, identity) for identity in (HYBRID, second)] == [b"plain", b"plain"]
    assert decrypted(data, X25519, second) == b"plain"
    for identities in ([], [X25519], [age.HybridIdentity(b"3" * 32)], [age.ScryptIdentity("mot de passe")]):
        with pytest.raises(BundleError, match="not encrypted to you"):
            decrypted(data, *identities)


def test_a_wrong_passphrase_is_told_apart() -> None:
    for identities, words in (([age.ScryptIdentity("autre")], "passphrase does not open"), ([X25519], "opens with"), ([], "opens with")):
        with pytest.raises(BundleError, match=words):
            decrypted(FILES[2][0], *identities)


@pytest.mark.parametrize(
    "recipients",
    [
        [],
        [PASSPHRASE, PASSPHRASE],
        [PASSPHRASE, X25519.recipient],
        [HYBRID.recipient, X25519.recipient],
        [HYBRID.recipient, PASSPHRASE],
    ],
)
def test_recipients_that_do_not_go_together_are_refused(recipients: Sequence[age.Recipient]) -> None:
    sink = io.BytesIO()
    with pytest.raises(UsageError):
        age.encrypt(sink, recipients)
    assert sink.getvalue() == b""


@pytest.mark.parametrize("file", FILES, ids=["mlkem768x25519", "X25519", "scrypt"])
@given(st.data())
def test_a_flipped_bit_anywhere_is_noticed(file: tuple[bytes, age.Identity], choose: st.DataObject) -> None:
    data, identity = file
    changed = bytearray(data)
    position = choose.draw(st.integers(0, len(data) - 1))
    changed[position] ^= 1 << choose.draw(st.integers(0, 7))
    if b"\n-> scrypt" in changed:
        identity = age.ScryptIdentity("mot de passe", max_work_factor=9)  # or a flipped bit asks for a minute of work
    with pytest.raises(BundleError):
        decrypted(bytes(changed), identity)


@pytest.mark.parametrize("file", FILES, ids=["mlkem768x25519", "X25519", "scrypt"])
def test_every_cut_is_noticed(file: tuple[bytes, age.Identity]) -> None:
    data, identity = file
    for size in {*range(0, len(data), 7), *range(len(data) - 40, len(data))}:
        with pytest.raises(BundleError):
            decrypted(data[:size], identity)


def test_the_mac_covers_stanzas_that_nobody_needed() -> None:
    """Only the MAC protects a second recipient's stanza from being taken out; the payload would still open."""
    data = encrypted(b"plain", X25519.recipient, age.X25519Identity(b"2" * 32).recipient)
    lines = data.split(b"\n")
    without_second = b"\n".join(lines[:3] + lines[5:])
    with pytest.raises(BundleError, match="header of the encrypted file is damaged"):
        decrypted(without_second, X25519)


def test_it_may_begin_anywhere_in_its_source() -> None:
    source = io.BytesIO(b"before" + FILES[1][0])
    source.seek(6)
    assert age.decrypt(source, [X25519]).read() == b"plain"


def test_two_files_never_look_the_same() -> None:
    assert encrypted(b"plain", X25519.recipient) != encrypted(b"plain", X25519.recipient)


def test_randomness_is_what_it_is_given() -> None:
    def written(random: object) -> bytes:
        sink = io.BytesIO()
        age.encrypt(sink, [X25519.recipient], random=lambda size: bytes([7]) * size).close()
        return sink.getvalue()

    assert written(None) == written(None)


def test_the_types_are_told_without_a_key() -> None:
    assert [age.recipient_types(io.BytesIO(data)) for data, _ in FILES] == [("mlkem768x25519",), ("X25519",), ("scrypt",)]
    with pytest.raises(BundleError):
        age.recipient_types(io.BytesIO(b"PK\x03\x04"))


def test_errors_hold_no_secret() -> None:
    for data, _ in FILES:
        with pytest.raises(BundleError) as caught:
            decrypted(data, age.ScryptIdentity("un secret"), age.X25519Identity(b"s" * 32))
        said = f"{caught.value.message} {caught.value.hint}"
        assert "secret" not in said
        assert "AGE-SECRET" not in said


def test_memory_does_not_grow_with_the_file(tmp_path: object) -> None:
    data = encrypted(os.urandom(1 << 16) * 128, X25519.recipient)
    source = io.BytesIO(data)
    tracemalloc.start()
    reader = age.decrypt(source, [X25519])
    size = sum(len(piece) for piece in iter(lambda: reader.read(1 << 16), b""))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert size == 1 << 23
    assert peak < MAX_HEADER_SIZE + 8 * (1 << 16)
