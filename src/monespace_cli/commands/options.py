"""Options that several commands take, said once."""

import contextlib
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from monespace_cli.i18n import _


def day_typed(text: str) -> datetime:
    """Return the day that somebody typed: as ISO 8601 writes it, or day first, as people here do.

    Raises:
        typer.BadParameter: it is no day.
    """
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        with contextlib.suppress(ValueError):
            return datetime.strptime(text.strip(), form)  # noqa: DTZ007 - a day, not a moment
    raise typer.BadParameter(_("there is no such day: write 2026-11-23, or 23/11/2026"))


kind_option = typer.Option("--kind", help=_("Only this kind of document."))
since_option = typer.Option("--from", parser=day_typed, metavar="YYYY-MM-DD", help=_("Dated this day or later."))
until_option = typer.Option("--to", parser=day_typed, metavar="YYYY-MM-DD", help=_("Dated this day or earlier."))
practitioner_option = typer.Option("--practitioner", metavar="NAME", help=_("Only documents by this practitioner."))

limit_option = typer.Option("--limit", "-n", min=1, max=1_000_000_000, help=_("Only the last ones."))

patient_option = typer.Option("--patient", metavar="NAME", help=_("Only papers of this person, where the vault has several people's."))

all_spaces_option = typer.Option("--all-spaces", help=_("In every space that you may see, not only in the one in use."))

DocumentArgument = Annotated[str, typer.Argument(metavar="ID", help=_("The document's id, or the beginning of it."))]
OutputOption = Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help=_("Where to write it; - is standard output."))]
ForceOption = Annotated[bool, typer.Option("--force", "-f", help=_("Replace a file that is there already."))]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help=_("Agree without being asked."))]
KitPageOption = Annotated[
    Path | None, typer.Option("--recovery-kit-pdf", metavar="FILE", help=_("Write the recovery kit as a page to print, with a QR code."))
]
ParanoidOption = Annotated[bool, typer.Option("--paranoid", help=_("A guess at the passphrase costs 1 GiB of memory; so does unlocking."))]
InstitutionOption = Annotated[
    str | None, typer.Option(metavar="NAME", help=_("Where you work, as the papers' metadata say it; `identity edit` keeps it."))
]
FinessOption = Annotated[str | None, typer.Option(metavar="NUMBER", help=_("The institution's FINESS number."))]
FacilityOption = Annotated[
    str | None, typer.Option(metavar="CODE", help=_("What sort of institution, such as SA25 for a laboratory (JDV_J02)."))
]
