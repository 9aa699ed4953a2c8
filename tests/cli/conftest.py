"""Fixtures for tests that run command lines."""

from pathlib import Path

import pytest

from monespace_cli.crypto.keys import Argon2Params
from monespace_cli.ports import Random
from tests.cli.script import Script

SAMPLES = Path(__file__).parents[2] / "samples" / "papers"


@pytest.fixture
def cheap_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make new vaults derive their key at the least cost: what a guess costs is not what these tests are about."""

    def cheap(cls: type[Argon2Params], random: Random) -> Argon2Params:
        return cls(random(16), memory_kib=8, iterations=1, lanes=1)

    monkeypatch.setattr(Argon2Params, "default", classmethod(cheap))


@pytest.fixture
def script(tmp_path: Path, cheap_keys: None) -> Script:
    (tmp_path / "passphrase").write_text("bien long et facile à retenir\n", "utf-8")
    work = tmp_path / "work"
    work.mkdir()
    environment = {
        "MONESPACE_VAULT": str(work / "vault"),
        "MONESPACE_PASSPHRASE_FILE": str(tmp_path / "passphrase"),
        "HOME": str(tmp_path),
    }
    return Script(work, {"WORK": str(work), "SAMPLES": str(SAMPLES)}, environment=environment)
