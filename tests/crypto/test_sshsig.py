"""SSHSIG: the same bytes as ssh-keygen, each side accepting the other's, and one way only to write a signature."""

import subprocess
from binascii import a2b_base64, b2a_base64
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monespace_cli.crypto import sshsig
from monespace_cli.crypto.signing import SigningKey, allowed_signers_line
from monespace_cli.errors import BundleError
from tests.crypto.conftest import Program

KEY = SigningKey.from_seed(b"s" * 32)
OTHER = SigningKey.from_seed(b"o" * 32)
MESSAGE = b'{"kind":"share"}'
SPACE = "share.v1@monespace"
GOOD = sshsig.sign(KEY, MESSAGE, SPACE)


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    path = tmp_path / "key"
    path.write_text(KEY.openssh_private(), encoding="ascii")
    path.chmod(0o600)
    return path


@pytest.fixture
def signature_file(tmp_path: Path) -> Path:
    path = tmp_path / "MANIFEST.sig"
    path.write_bytes(GOOD)
    return path


@pytest.fixture
def signers_file(tmp_path: Path) -> Path:
    path = tmp_path / "allowed_signers"
    path.write_text(allowed_signers_line("zoe", KEY.public, [SPACE]), encoding="ascii")
    return path


def test_ssh_keygen_verifies_ours(ssh_keygen: Program, signature_file: Path, signers_file: Path) -> None:
    said = ssh_keygen("-Y", "verify", "-f", signers_file, "-I", "zoe", "-n", SPACE, "-s", signature_file, stdin=MESSAGE)
    assert said.startswith(b'Good "share.v1@monespace" signature for zoe')
    assert b"Good" in ssh_keygen("-Y", "check-novalidate", "-n", SPACE, "-s", signature_file, stdin=MESSAGE)


def test_ssh_keygen_refuses_another_purpose_or_message(ssh_keygen: Program, signature_file: Path, signers_file: Path) -> None:
    for namespace, message in (("receipt.v1@monespace", MESSAGE), (SPACE, b"{}")):
        with pytest.raises(subprocess.CalledProcessError):
            ssh_keygen("-Y", "verify", "-f", signers_file, "-I", "zoe", "-n", namespace, "-s", signature_file, stdin=message)


def test_we_verify_what_ssh_keygen_signed(ssh_keygen: Program, key_file: Path) -> None:
    theirs = ssh_keygen("-Y", "sign", "-f", key_file, "-n", SPACE, stdin=MESSAGE)
    sshsig.verify(theirs, MESSAGE, SPACE, KEY.public)
    assert theirs == GOOD


def test_we_refuse_what_ssh_keygen_signed_otherwise(ssh_keygen: Program, key_file: Path, tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="not a signature monespace can check"):
        sshsig.signer(ssh_keygen("-Y", "sign", "-f", key_file, "-n", SPACE, "-O", "hashalg=sha256", stdin=MESSAGE))
    ecdsa = tmp_path / "ecdsa"
    ssh_keygen("-q", "-t", "ecdsa", "-N", "", "-f", ecdsa)
    with pytest.raises(BundleError, match="not a signature monespace can check"):
        sshsig.signer(ssh_keygen("-Y", "sign", "-f", ecdsa, "-n", SPACE, stdin=MESSAGE))


@given(st.binary(max_size=300), st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=50))
def test_what_is_signed_verifies(message: bytes, namespace: str) -> None:
    armored = sshsig.sign(KEY, message, namespace)
    sshsig.verify(armored, message, namespace, KEY.public)
    assert sshsig.signer(armored) == KEY.public


@pytest.mark.parametrize(
    ("message", "namespace", "public", "said"),
    [
        (MESSAGE, SPACE, OTHER.public, "another key"),
        (MESSAGE, "receipt.v1@monespace", KEY.public, "another purpose"),
        (MESSAGE, "", KEY.public, "another purpose"),
        (MESSAGE + b" ", SPACE, KEY.public, "does not match"),
    ],
)
def test_anything_else_is_refused(message: bytes, namespace: str, public: bytes, said: str) -> None:
    with pytest.raises(BundleError, match=said):
        sshsig.verify(GOOD, message, namespace, public)


def test_a_signature_without_a_purpose_is_not_made() -> None:
    with pytest.raises(ValueError, match="namespace"):
        sshsig.sign(KEY, MESSAGE, "")


@given(st.integers(0, len(GOOD) - 1), st.integers(0, 7))
def test_a_flipped_bit_anywhere_is_noticed(position: int, bit: int) -> None:
    changed = bytearray(GOOD)
    changed[position] ^= 1 << bit
    with pytest.raises(BundleError):
        sshsig.verify(bytes(changed), MESSAGE, SPACE, KEY.public)


def test_every_cut_is_noticed() -> None:
    for size in range(len(GOOD) - 1):
        with pytest.raises(BundleError):
            sshsig.verify(GOOD[:size], MESSAGE, SPACE, KEY.public)


def armored(blob: bytes) -> bytes:
    return sshsig.BEGIN + b"\n" + b2a_base64(blob) + sshsig.END + b"\n"


BLOB = a2b_base64(b"".join(GOOD.split(b"\n")[1:-2]))


def test_the_base64_may_be_wrapped_otherwise() -> None:
    sshsig.verify(armored(BLOB), MESSAGE, SPACE, KEY.public)
    sshsig.verify(GOOD.removesuffix(b"\n"), MESSAGE, SPACE, KEY.public)


def with_strings(*values: bytes) -> bytes:
    return armored(BLOB[:10] + sshsig._strings(*values))


PUBLIC_KEY, NAMESPACE, _RESERVED, HASH, SIGNATURE = sshsig._split(BLOB[10:], 5)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\n",
        b"no signature",
        GOOD + b"\n",
        b"\n" + GOOD,
        GOOD.replace(b"\n", b"\r\n"),
        GOOD.replace(b"=", b""),
        GOOD.replace(b"BEGIN SSH", b"BEGIN PGP"),
        GOOD.replace(b"END SSH", b"END PGP"),
        GOOD.replace(b"U1NIU0lH", b"U1NIU0lH "),
        armored(b"SSHSIX" + BLOB[6:]),
        armored(BLOB[:9] + b"\x02" + BLOB[10:]),
        armored(BLOB + b"\0"),
        armored(b""),
        with_strings(PUBLIC_KEY, b"", b"", HASH, SIGNATURE),
        with_strings(PUBLIC_KEY, NAMESPACE, b"reserved", HASH, SIGNATURE),
        with_strings(PUBLIC_KEY, NAMESPACE, b"", b"sha256", SIGNATURE),
        with_strings(PUBLIC_KEY, NAMESPACE, b"", HASH, SIGNATURE + b"\0"),
        with_strings(PUBLIC_KEY, NAMESPACE, b"", HASH),
        with_strings(PUBLIC_KEY.replace(b"ed25519", b"ed25518"), NAMESPACE, b"", HASH, SIGNATURE),
        with_strings(PUBLIC_KEY, NAMESPACE, b"", HASH, SIGNATURE.replace(b"ed25519", b"ed25518")),
    ],
)
def test_what_is_no_signature_is_refused(text: bytes) -> None:
    with pytest.raises(BundleError, match="not a signature monespace can check"):
        sshsig.signer(text)


def test_a_signature_over_the_limit_is_refused_unread() -> None:
    room = "n" * 2700
    assert len(sshsig.sign(KEY, MESSAGE, room)) < sshsig.MAX_ARMORED_SIZE
    assert sshsig.signer(sshsig.sign(KEY, MESSAGE, room)) == KEY.public
    with pytest.raises(BundleError):
        sshsig.signer(sshsig.sign(KEY, MESSAGE, room + "n" * 400))
