"""One's own keys: kept, exported, and never shown."""

from pathlib import Path

import pyrage

from monespace_cli.crypto import age
from monespace_cli.crypto.signing import authorized_key
from monespace_cli.record.card import Role
from tests.crypto.conftest import Program
from tests.sync.people import LUC, LUC_CARD, ZOE, ZOE_CARD, ZOE_KEYS, encrypted


def test_keys_are_not_shown() -> None:
    shown = repr(ZOE_KEYS) + repr(ZOE_KEYS.export_secret())
    for secret in (b"z" * 32, b"Z" * 32):
        assert secret.hex() not in shown
        assert repr(secret) not in shown
    assert "SECRET" not in shown
    assert "PRIVATE" not in shown


def test_the_fingerprint_is_the_cards() -> None:
    assert ZOE_KEYS.fingerprint == ZOE_CARD.fingerprint


def test_a_card_names_its_owner() -> None:
    assert (ZOE_CARD.role, ZOE_CARD.profession, ZOE_CARD.rpps, ZOE_CARD.display_name) == (Role.HOLDER, None, None, ZOE.display_name)
    assert (LUC_CARD.role, LUC_CARD.profession, LUC_CARD.rpps) == (Role.PRACTITIONER, LUC.profession, LUC.rpps)


def test_the_compat_file_opens_in_age_and_pyrage(age_program: Program, tmp_path: Path) -> None:
    (tmp_path / "keys").write_text(ZOE_KEYS.export_secret().age_compat)
    data = encrypted(b"bonjour", age.X25519Identity(b"z" * 32).recipient)
    assert age_program("-d", "-i", tmp_path / "keys", stdin=data) == b"bonjour"
    lines = [line for line in ZOE_KEYS.export_secret().age_compat.splitlines() if not line.startswith("#")]
    assert pyrage.decrypt(data, [pyrage.x25519.Identity.from_str(line) for line in lines]) == b"bonjour"


def test_the_full_file_has_every_key_which_npm_age_takes(node_age: Program) -> None:
    hybrid, classical = (line for line in ZOE_KEYS.export_secret().age.splitlines() if not line.startswith("#"))
    assert node_age("decrypt", hybrid, stdin=encrypted(b"bonjour", age.HybridIdentity(b"Z" * 32).recipient)) == b"bonjour"
    assert node_age("decrypt", classical, stdin=encrypted(b"bonjour", age.X25519Identity(b"z" * 32).recipient)) == b"bonjour"


def test_the_ssh_key_is_the_signing_key(ssh_keygen: Program, tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.touch(0o600)
    key.write_text(ZOE_KEYS.export_secret().ssh)
    assert ssh_keygen("-y", "-f", key).decode().split()[:2] == authorized_key(ZOE_CARD.signing_key).split()
