"""Files that cross between ours and others: `age` (Debian), pyrage, npm age-encryption; each type, both directions."""

import io
from pathlib import Path

import pyrage
import pytest

from monespace_cli.crypto import age
from tests.crypto.conftest import Program, TerminalProgram

PLAIN = bytes(range(256)) * 300  # more than one chunk
PASSPHRASE = "correct cheval pile agrafe Noël"
X25519 = age.X25519Identity(b"x" * 32)
HYBRID = age.HybridIdentity(b"h" * 32)
CHEAP = age.ScryptRecipient(PASSPHRASE, work_factor=10)


def encrypted(recipient: age.Recipient) -> bytes:
    sink = io.BytesIO()
    with age.encrypt(sink, [recipient]) as writer:
        writer.write(PLAIN)
    return sink.getvalue()


def decrypted(data: bytes, identity: age.Identity) -> bytes:
    return age.decrypt(io.BytesIO(data), [identity]).read()


@pytest.fixture
def identity_file(tmp_path: Path) -> Path:
    path = tmp_path / "key.txt"
    path.write_text(X25519.text + "\n", encoding="ascii")
    return path


def test_age_opens_ours(age_program: Program, identity_file: Path) -> None:
    assert age_program("--decrypt", "--identity", identity_file, stdin=encrypted(X25519.recipient)) == PLAIN


def test_we_open_what_age_wrote(age_program: Program) -> None:
    assert decrypted(age_program("--recipient", X25519.recipient.text, stdin=PLAIN), X25519) == PLAIN


def test_age_keygen_knows_our_keys(age_keygen: Program, identity_file: Path) -> None:
    assert age_keygen("-y", identity_file).decode().strip() == X25519.recipient.text


def test_we_know_the_keys_of_age_keygen(age_keygen: Program) -> None:
    comment, public, secret = (line for line in age_keygen().decode().splitlines())
    assert comment.startswith("# created")
    assert age.X25519Identity.parse(secret).recipient.text == public.removeprefix("# public key: ")


def test_age_opens_ours_with_a_passphrase(age_program: Program, on_a_terminal: TerminalProgram, tmp_path: Path) -> None:
    sealed, plain = tmp_path / "sealed.age", tmp_path / "plain"
    sealed.write_bytes(encrypted(CHEAP))
    on_a_terminal(["age", "--decrypt", "--output", str(plain), str(sealed)], [PASSPHRASE])
    assert plain.read_bytes() == PLAIN


def test_we_open_what_age_wrote_with_a_passphrase(age_program: Program, on_a_terminal: TerminalProgram, tmp_path: Path) -> None:
    sealed, plain = tmp_path / "sealed.age", tmp_path / "plain"
    plain.write_bytes(PLAIN)
    on_a_terminal(["age", "--passphrase", "--output", str(sealed), str(plain)], [PASSPHRASE, PASSPHRASE])
    assert decrypted(sealed.read_bytes(), age.ScryptIdentity(PASSPHRASE)) == PLAIN


def test_pyrage_opens_ours() -> None:
    assert pyrage.decrypt(encrypted(X25519.recipient), [pyrage.x25519.Identity.from_str(X25519.text)]) == PLAIN
    assert pyrage.passphrase.decrypt(encrypted(CHEAP), PASSPHRASE) == PLAIN


def test_we_open_what_pyrage_wrote() -> None:
    theirs = pyrage.x25519.Recipient.from_str(X25519.recipient.text)
    assert decrypted(pyrage.encrypt(PLAIN, [theirs]), X25519) == PLAIN
    assert decrypted(pyrage.passphrase.encrypt(PLAIN, PASSPHRASE), age.ScryptIdentity(PASSPHRASE)) == PLAIN


@pytest.mark.parametrize("identity", [HYBRID, X25519], ids=["mlkem768x25519", "X25519"])
def test_age_encryption_opens_ours(node_age: Program, identity: age.HybridIdentity | age.X25519Identity) -> None:
    assert node_age("decrypt", identity.text, stdin=encrypted(identity.recipient)) == PLAIN


@pytest.mark.parametrize("identity", [HYBRID, X25519], ids=["mlkem768x25519", "X25519"])
def test_we_open_what_age_encryption_wrote(node_age: Program, identity: age.HybridIdentity | age.X25519Identity) -> None:
    assert decrypted(node_age("encrypt", identity.recipient.text, stdin=PLAIN), identity) == PLAIN


def test_age_encryption_and_ours_with_a_passphrase(node_age: Program) -> None:
    assert node_age("decrypt-passphrase", PASSPHRASE, stdin=encrypted(CHEAP)) == PLAIN
    assert decrypted(node_age("encrypt-passphrase", PASSPHRASE, stdin=PLAIN), age.ScryptIdentity(PASSPHRASE)) == PLAIN
