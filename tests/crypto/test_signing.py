"""Ed25519 keys and their OpenSSH texts, as OpenSSH itself reads them."""

from pathlib import Path

import pytest

from monespace_cli.crypto.signing import SigningKey, allowed_signers_line, authorized_key, verify
from monespace_cli.errors import BundleError, UsageError
from tests.crypto.conftest import Program

# RFC 8032 section 7.1, TEST 2.
SEED = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
PUBLIC = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
SIGNATURE = bytes.fromhex(
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
)
KEY = SigningKey.from_seed(SEED)


def test_the_values_of_rfc_8032() -> None:
    assert KEY.public == PUBLIC
    assert KEY.sign(b"\x72") == SIGNATURE
    verify(PUBLIC, SIGNATURE, b"\x72")


@pytest.mark.parametrize(
    ("public", "signature", "data"),
    [
        (PUBLIC, SIGNATURE, b"\x73"),
        (PUBLIC, bytes(64), b"\x72"),
        (PUBLIC, SIGNATURE[:-1], b"\x72"),
        (PUBLIC, b"", b"\x72"),
        (SigningKey.from_seed(b"o" * 32).public, SIGNATURE, b"\x72"),
        (PUBLIC[:-1], SIGNATURE, b"\x72"),
    ],
)
def test_anything_else_is_refused(public: bytes, signature: bytes, data: bytes) -> None:
    with pytest.raises(BundleError, match="does not match"):
        verify(public, signature, data)


def test_the_seed_does_not_show() -> None:
    assert "seed" not in repr(KEY)


def test_a_seed_of_another_length_is_the_callers_mistake() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        SigningKey.from_seed(b"short")


def test_ssh_keygen_reads_the_private_key(ssh_keygen: Program, tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text(KEY.openssh_private(), encoding="ascii")
    path.chmod(0o600)
    assert ssh_keygen("-y", "-f", path).decode().split()[:2] == authorized_key(PUBLIC).split()


def test_an_allowed_signers_line() -> None:
    line = allowed_signers_line("a@b", PUBLIC, ["share.v1", "receipt.v1"])
    assert line == f'a@b namespaces="share.v1,receipt.v1" {authorized_key(PUBLIC)}\n'
    assert authorized_key(PUBLIC).startswith("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5")


@pytest.mark.parametrize("name", ["", "a b", "a,b", "*", "a?", "!a", 'a"', "a\n", "é", "a" * 129])
def test_a_name_that_openssh_would_read_otherwise_is_refused(name: str) -> None:
    with pytest.raises(UsageError):
        allowed_signers_line(name, PUBLIC, ["share.v1"])
    with pytest.raises(UsageError):
        allowed_signers_line("a@b", PUBLIC, ["share.v1", name])


def test_a_key_that_may_sign_anything_is_refused() -> None:
    with pytest.raises(UsageError):
        allowed_signers_line("a@b", PUBLIC, [])
