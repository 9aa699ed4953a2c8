"""Finding the outbox's bundles, and writing them into files: under random names, each there when it is complete or not at all."""

import shutil
from collections.abc import Collection, Sequence
from pathlib import Path

from monespace_cli.actions.people import with_contact
from monespace_cli.files import new_file, writing
from monespace_cli.ports import Random
from monespace_cli.record.exchange import SentState
from monespace_cli.sync.kinds import Kind
from monespace_cli.vault.outbox import SentBundle
from monespace_cli.vault.vault import Vault

NAME_SIZE = 16
"""Random bytes of a file's name, which says nothing."""


def find_sent(
    sent: Sequence[SentBundle], vault: Vault, states: Collection[SentState], kinds: Collection[Kind], to: str
) -> list[SentBundle]:
    """Return of some bundles those in one of some states, of one of some kinds and to a contact; what is empty leaves nothing out.

    Raises:
        NotFoundError: no single contact has this name.
    """
    found = [each for each in sent if (not states or each.state in states) and (not kinds or each.kind in kinds)]
    return with_contact(vault, to, found, lambda each: each.peer)


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
