"""What is never taken into a vault that a child's parents alone can open: hiding it there would be a rule, and no lock."""

from collections.abc import Collection

from monespace_cli.errors import NotAllowedError
from monespace_cli.i18n import _
from monespace_cli.record.access import HIDDEN_FROM_REPRESENTATIVES
from monespace_cli.vault.connection import Database


def require_own_key(database: Database, space: int, confidentiality: Collection[str]) -> None:
    """See that what is hidden from legal representatives goes only where the child can open the vault too.

    Raises:
        NotAllowedError: only the representatives can.
    """
    if HIDDEN_FROM_REPRESENTATIVES not in confidentiality:
        return
    row = database.one(
        "SELECT kind = 'child' AND NOT EXISTS (SELECT 1 FROM key_slot JOIN tie USING (person) WHERE tie.space = space.id "
        "AND relation = 'holder') FROM space WHERE id = ?",
        (space,),
    )
    if row and row[0]:
        raise NotAllowedError(
            _("this is hidden from legal representatives, and they alone can open this vault"),
            hint=_("it can go into a vault of the young person's own, or here once `key add --person` gave them a way in"),
        )
