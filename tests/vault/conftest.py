from collections.abc import Iterator
from pathlib import Path

import pytest

from monespace_cli.vault.vault import Vault
from tests.vault.world import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "vault")


@pytest.fixture
def vault(world: World) -> Iterator[Vault]:
    world.create()
    with world.open() as opened:
        yield opened
