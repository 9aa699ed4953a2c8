"""The end of a vault's journal as this machine last saw it, kept outside of the vault: whoever puts an older copy back does not reach it.

One line of canonical JSON in the state file `journal-head`, with a MAC under a key of the vault, so that nobody without it can write one
(docs/formats/vault-v1.md §8). It may be behind: it is written after the journal.
"""

import json

import rfc8785

from monespace_cli.adapters.state import VaultState
from monespace_cli.crypto.keys import check_mac, mac
from monespace_cli.errors import IntegrityError
from monespace_cli.i18n import _
from monespace_cli.record.journal import JournalHead

FILE = "journal-head"
FORMAT = "monespace-journal-head"
VERSION = 1


def remember_head(state: VaultState, key: bytes, head: JournalHead) -> None:
    """Keep the journal's end, under the vault's key for this use.

    Raises:
        NotWritableError: it cannot be kept.
    """
    body = _body(state, head)
    state.write(FILE, rfc8785.dumps({**body, "mac": mac(key, rfc8785.dumps(body))}))


def recall_head(state: VaultState, key: bytes) -> JournalHead | None:
    """Return the journal's end as it was last kept here, or None where nothing is kept.

    Raises:
        IntegrityError: somebody without the key wrote it, or it is damaged.
    """
    data = state.read(FILE)
    if data is None:
        return None
    try:
        body = json.loads(data)
        head = JournalHead(body["sequence"], body["hash"])
        check_mac(key, rfc8785.dumps(_body(state, head)), body["mac"])
    except (ValueError, KeyError, TypeError, RecursionError, IntegrityError):
        raise IntegrityError(
            _("what this machine remembers of the journal was changed or damaged: {name}").format(name=FILE),
            hint=_("look at the journal with `monespace journal verify`; then remove that file from the state folder"),
        ) from None
    return head


def _body(state: VaultState, head: JournalHead) -> dict[str, str | int]:
    return {"format": FORMAT, "version": VERSION, "vault": state.vault, "sequence": head.sequence, "hash": head.hash}
