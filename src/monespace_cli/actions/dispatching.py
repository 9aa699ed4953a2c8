"""Writing the outbox's bundles into files: under random names, each there when it is complete or not at all."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from monespace_cli.files import new_file, writing
from monespace_cli.ports import Random
from monespace_cli.vault.outbox import SentBundle
from monespace_cli.vault.vault import Vault

NAME_SIZE = 16
"""Random bytes of a file's name, which says nothing."""


def write_out(vault: Vault, bundles: Sequence[SentBundle], folder: Path, random: Random) -> list[tuple[Path, SentBundle]]:
    """Write copies of bundles into a folder, and note that they left; return each one's file.

    Raises:
        NotFoundError: of one no copy is kept.
        NotWritableError: the folder cannot be written.
    """
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    written = []
    for sent in bundles:
        path = folder / f"{random(NAME_SIZE).hex()}.age"
        with vault.outbox.open_copy(sent) as source, new_file(path) as sink:
            shutil.copyfileobj(source, sink)
        vault.outbox.sent(sent)
        written.append((path, sent))
    return written
