"""How the history of a document looks: what took its place, and what it took the place of."""

from collections.abc import Sequence
from typing import Any

from monespace_cli.i18n import _
from monespace_cli.record.document import Document
from monespace_cli.ui.views import moment
from monespace_cli.vault.history import Supersession


def supersession_json(ended: Supersession) -> dict[str, Any]:
    """Return that a document does not stand any more as JSON-ready data; without a successor its author took it back."""
    return {"successor": ended.successor, "by": ended.by, "at": ended.at.isoformat()}


def history_fields(ended: Supersession | None, earlier: Sequence[Document]) -> list[tuple[str, str]]:
    """Return a document's history as labelled values for a person."""
    words = _("by {id}, {when}") if ended and ended.successor else _("taken back by its author, {when}")
    return [
        (_("Replaced"), words.format(id=ended.successor, when=moment(ended.at)) if ended else ""),
        (_("Took the place of"), ", ".join(f"{each.id} {each.title}" for each in earlier)),
    ]
