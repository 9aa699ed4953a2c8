"""Prepared revocations: what is written is read, by OpenSSH too; what is not exactly that is no revocation."""

import json
import subprocess
from pathlib import Path

import pytest

from monespace_cli.crypto import sshsig
from monespace_cli.errors import BundleError, MonespaceError, NewerFormatError, UnreadableInputError
from monespace_cli.sync.canonical import to_canonical
from monespace_cli.sync.card import export_allowed_signers
from monespace_cli.sync.kinds import CARD_NAMESPACE, REVOCATION_NAMESPACE
from monespace_cli.sync.revocation import prepared_revocation, read_prepared_revocation
from tests.sync.people import EVE_KEYS, NOW, ZOE_CARD, ZOE_KEYS

FILE = prepared_revocation(ZOE_KEYS.signing, NOW)


def signed(change: dict[str, str | int | None], namespace: str = REVOCATION_NAMESPACE, keys: object = ZOE_KEYS) -> bytes:
    """The file with other members, signed again."""
    members = {**json.loads(FILE.splitlines()[0]), **change}
    message = to_canonical({name: value for name, value in members.items() if value is not None}) + b"\n"
    return message + sshsig.sign(keys.signing, message, namespace)  # type: ignore[attr-defined]


def test_what_was_prepared_names_its_key() -> None:
    assert read_prepared_revocation(FILE) == ZOE_KEYS.fingerprint


def test_openssh_checks_it(tmp_path: Path) -> None:
    message, _end, signature = FILE.partition(b"\n")
    (tmp_path / "signers").write_text(export_allowed_signers(ZOE_CARD))
    (tmp_path / "sig").write_bytes(signature)
    arguments = ["-Y", "verify", "-f", "signers", "-I", ZOE_KEYS.fingerprint, "-n", REVOCATION_NAMESPACE, "-s", "sig"]
    assert subprocess.run(["ssh-keygen", *arguments], cwd=tmp_path, input=message + b"\n", capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize(
    ("data", "error"),
    [
        pytest.param(b"", UnreadableInputError, id="nothing"),
        pytest.param(signed({"format": "monespace-card"}), UnreadableInputError, id="another format"),
        pytest.param(signed({"prepared": None}), UnreadableInputError, id="a member is missing"),
        pytest.param(signed({"reason": "perdue"}), UnreadableInputError, id="a member too many"),
        pytest.param(signed({"version": 2}), NewerFormatError, id="a later version"),
        pytest.param(signed({}, namespace=CARD_NAMESPACE), BundleError, id="signed for another purpose"),
        pytest.param(signed({}, keys=EVE_KEYS), BundleError, id="somebody else says it"),
        pytest.param(FILE.replace(b"2026", b"2025"), BundleError, id="changed"),
        pytest.param(FILE + b"x", BundleError, id="something behind it"),
        pytest.param(b" " * (1 << 20), UnreadableInputError, id="too large"),
    ],
)
def test_anything_else_is_no_revocation(data: bytes, error: type[MonespaceError]) -> None:
    with pytest.raises(error):
        read_prepared_revocation(data)
