"""Opens every hostile bundle of a folder within bounds: memory, time, and nothing written. A program of its own: bounds are a process's."""

import io
import json
import resource
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from monespace_cli.errors import MonespaceError
from monespace_cli.ingest.decode import open_document
from monespace_cli.ingest.formats import image as _image  # noqa: F401  # what is loaded later would count as the bundle's memory
from monespace_cli.sync.opening import Opener, Passphrase, Policy, Seen, Standing, open_bundle
from tests.sync.people import KNOWN, LUC_KEYS, NOW

KEYS = {"expect", "message", "comment", "standing", "seen", "now", "passphrase", "owner"}
MEMORY = 96 << 20
"""Bytes over what the process has when everything is loaded."""
SECONDS = 30


def read_vector(path: Path) -> tuple[dict[str, str], bytes]:
    """Return a vector's header and its bundle.

    Raises:
        ValueError: a key that nobody knows.
    """
    head, _blank, data = path.read_bytes().partition(b"\n\n")
    header = dict(line.split(": ", 1) for line in head.decode().splitlines())
    if not header.keys() <= KEYS:
        raise ValueError(f"{path}: unknown keys")
    return header, data


def attempt(header: dict[str, str], data: bytes) -> tuple[str, str]:
    """Open a bundle, and what it holds, as a receiver who knows what the header says; return the error's code and message."""
    opener: Opener = Passphrase(header["passphrase"]) if "passphrase" in header else LUC_KEYS
    seen = Seen.SAME if "seen" in header else Seen.NEVER
    policy: Policy = replace(KNOWN, standing_of=lambda _card: Standing(header.get("standing", "verified")), seen=lambda _manifest: seen)
    policy = replace(policy, is_self=lambda _subject: header.get("owner") != "somebody else")
    now = datetime.fromisoformat(header["now"]) if "now" in header else NOW
    try:
        for found in open_bundle(io.BytesIO(data), opener=opener, policy=policy, now=now).documents:
            open_document(found.open().read()).image(1)
    except MonespaceError as error:
        return error.code, error.message
    return "opened", ""


def main(folder: Path) -> None:
    """Print what became of each, as one JSON object."""
    vectors = {path.stem: read_vector(path) for path in sorted(folder.glob("*.vector"))}
    size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (size + MEMORY, size + MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    answers = {name: attempt(*vector) for name, vector in vectors.items()}
    print(json.dumps(answers))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
