"""Each hostile bundle is refused with its own error, in bounded memory and time, and nothing is written."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sync.hostile import read_vector

FOLDER = Path(__file__).parents[1] / "vectors/bundle-v1/hostile"
VECTORS = {path.stem: read_vector(path)[0] for path in sorted(FOLDER.glob("*.vector"))}


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What became of every vector, opened in one bounded process in an empty folder."""
    place = tmp_path_factory.mktemp("hostile")
    root = str(Path(__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-m", "tests.sync.hostile", str(FOLDER)],
        cwd=place,
        env={"PYTHONPATH": root, "HOME": str(place), "TMPDIR": str(place)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert list(place.iterdir()) == []
    found: dict[str, list[str]] = json.loads(done.stdout)
    return found


def test_there_are_vectors() -> None:
    assert len(VECTORS) >= 60


@pytest.mark.parametrize("name", VECTORS)
def test_a_hostile_bundle_is_refused_with_its_own_error(name: str, answers: dict[str, list[str]]) -> None:
    code, message = answers[name]
    assert code == VECTORS[name]["expect"]
    assert VECTORS[name]["message"] in message
