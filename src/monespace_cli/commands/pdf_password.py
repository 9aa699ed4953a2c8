"""The password of an encrypted PDF: from a file or a descriptor, or asked for at a terminal. It is used and not kept."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monespace_cli.commands.services import Services
from monespace_cli.errors import UsageError
from monespace_cli.i18n import _
from monespace_cli.ports import NoProgress, Progress
from monespace_cli.ui.output import printable

if TYPE_CHECKING:
    from monespace_cli.actions.importing import AskPassword
    from monespace_cli.ingest.reader import IngestOptions

PasswordFileOption = Annotated[
    Path | None, typer.Option("--pdf-password-file", metavar="FILE", help=_("The password of encrypted PDF files is in this file."))
]
PasswordDescriptorOption = Annotated[
    int | None, typer.Option("--pdf-password-fd", metavar="N", help=_("Read the password of encrypted PDF files from this descriptor."))
]


def with_password(options: "IngestOptions", file: Path | None, descriptor: int | None) -> "IngestOptions":
    """Return options that open encrypted PDF files with the password of a file or a descriptor, where one is named.

    Raises:
        UsageError: both are named, or what they give is empty or no text.
        LockedError: it cannot be read.
    """
    from monespace_cli.adapters.secrets import secret_from_descriptor, secret_from_file

    if file is not None and descriptor is not None:
        raise UsageError(_("--pdf-password-file and --pdf-password-fd say the same thing: give one"))
    if file is not None:
        return replace(options, pdf_password=secret_from_file(file))
    return replace(options, pdf_password=secret_from_descriptor(descriptor)) if descriptor is not None else options


def password_asker(tools: Services, progress: Progress | None = None) -> "AskPassword":
    """Return what asks for passwords at the terminal; where there is none, nobody knows them."""
    from monespace_cli.actions.importing import nobody_knows

    if not tools.terminal.is_present or tools.output.is_json:
        return nobody_knows

    def ask(name: str, *, again: bool) -> str | None:
        if again:
            tools.output.warn(_("this password does not open it"))
        prompt = _("Password of {name} (leave it empty to keep the file back)").format(name=name)
        with (progress or NoProgress()).paused():
            return tools.terminal.hidden(printable(prompt)) or None

    return ask
