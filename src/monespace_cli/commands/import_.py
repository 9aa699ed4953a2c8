"""`monespace import`: take papers in."""

import time
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monespace_cli.actions.disposal import Disposal
from monespace_cli.actions.entries import NOTHING_STATED, ImportRun, Stated
from monespace_cli.actions.finding import Choice, find
from monespace_cli.actions.imported import ImportSummary
from monespace_cli.actions.manifest import read_statements
from monespace_cli.actions.sealed import LockedImport
from monespace_cli.actions.watching import Watch, until_asked
from monespace_cli.adapters.ledger import Ledger
from monespace_cli.adapters.pin import require_pinned
from monespace_cli.adapters.state import VaultState
from monespace_cli.commands.import_jobs import resume_run, retry, show_status
from monespace_cli.commands.importing import WhenOther, run_as_one, run_import, summed_up
from monespace_cli.commands.options import day_typed
from monespace_cli.commands.outcome import show_item, show_summary
from monespace_cli.commands.page_readers import PageReaders, reads_pages
from monespace_cli.commands.services import Services, services
from monespace_cli.commands.verbs import VerbGroup
from monespace_cli.errors import ExitCode, UsageError
from monespace_cli.i18n import _
from monespace_cli.ingest.walk import printable
from monespace_cli.record.codes import Kind
from monespace_cli.record.typed import TITLE_LENGTH, line_of_text
from monespace_cli.vault.header_file import read_header
from monespace_cli.vault.sealed import Sealer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from monespace_cli.ingest.walk import FoundFile, Problem

app = typer.Typer(cls=VerbGroup, add_completion=False)
app.command("status")(show_status)
app.command("retry")(retry)

POLL_SECONDS = 2.0
"""How often a watched folder is looked at."""


class OnError(StrEnum):
    """What a run does after a file that could not be taken in."""

    CONTINUE = "continue"
    STOP = "stop"


ManifestOption = Annotated[Path | None, typer.Option(metavar="FILE", help=_("CSV or JSON lines that name the files and say what each is."))]
ExcludeOption = Annotated[list[str] | None, typer.Option(metavar="PATTERN", help=_("Leave these names out, such as *.tmp; repeat it."))]
OtherPatientOption = Annotated[
    WhenOther | None,
    typer.Option(
        help=_("What to do with a paper that names another patient: the default is to ask at a terminal, else to store it, marked.")
    ),
]


@app.command(VerbGroup.DEFAULT)
@reads_pages
def import_files(
    context: typer.Context,
    paths: Annotated[list[Path] | None, typer.Argument(metavar="PATH...", help=_("Files and folders."))] = None,
    kind: Annotated[Kind | None, typer.Option(help=_("What sort of papers they are, instead of what is read from them."))] = None,
    date: Annotated[datetime | None, typer.Option(parser=day_typed, metavar="YYYY-MM-DD", help=_("The date on them."))] = None,
    practitioner: Annotated[str | None, typer.Option(metavar="NAME", help=_("Who wrote them."))] = None,
    title: Annotated[str | None, typer.Option(help=_("Their title."))] = None,
    tag: Annotated[list[str] | None, typer.Option(metavar="WORD", help=_("A tag for each; repeat it for several."))] = None,
    manifest: ManifestOption = None,
    exclude: ExcludeOption = None,
    recursive: Annotated[bool, typer.Option("--recursive/--no-recursive", help=_("Whether folders inside folders are entered."))] = True,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_("Say what is new and what is known, and change nothing."))] = False,
    on_error: Annotated[OnError, typer.Option(help=_("Go on, or stop, after a file that could not be taken in."))] = OnError.CONTINUE,
    other_patient: OtherPatientOption = None,
    move: Annotated[Path | None, typer.Option(metavar="DIR", help=_("Move each file there once it is in the vault."))] = None,
    delete: Annotated[bool, typer.Option("--delete", help=_("Delete each file once it is in the vault."))] = False,
    watch: Annotated[bool, typer.Option("--watch", help=_("Stay, and take in what appears in the folders, once it is complete."))] = False,
    resume: Annotated[bool, typer.Option("--resume", help=_("Go on with the last run that was interrupted, as it was begun."))] = False,
    as_one: Annotated[bool, typer.Option("--as-one", help=_("The files are the pages of one document, in this order."))] = False,
    sealed: Annotated[bool, typer.Option("--sealed", help=_("Put them into the locked vault, without its secret."))] = False,
    *,
    pages: PageReaders,
) -> None:
    """Take papers in: photos, scans, PDF and text files, and folders of them.

    Each is read, so that `monespace search` finds it by its words, and kept bit for bit, encrypted. A file that is known already changes
    nothing; one that cannot be read goes to the quarantine. Files stay where they are, unless --move or --delete says otherwise.

    Several processes read them, and what is read can be found at once. An interrupted run goes on with --resume; `monespace import status`
    says what remains of each run, and `monespace import retry` tries again what failed for a passing reason. (A folder that is called
    `status` or `retry` is imported as `./status`.) With --cluster the pages are read on a Dask cluster, by TLS, which sees the papers;
    nothing of them is written to a disk there.

    --watch ends when it is asked to (Ctrl-C, SIGTERM), at once and with all that it stored whole; the exit status says what became of the
    papers, and what it had found and not read is taken in the next time.

    With --sealed they are encrypted to the vault as they are and wait in it, for a script that holds no passphrase; the next import
    without --sealed takes them in.
    """
    tools = services(context)
    stated = _stated(kind, date, practitioner, title, tag or [])
    if resume:
        _check_alone(paths or manifest or stated != NOTHING_STATED or watch or sealed or dry_run or move or delete or exclude or as_one)
        raise typer.Exit(resume_run(tools, other_patient, pages))
    _check_named(paths, manifest, exclude, watch=watch, as_one=as_one, sealed=sealed)
    statements = read_statements(manifest, stated) if manifest else {}
    named = list(statements or paths or [])
    disposal = _disposal(delete, move, named)
    choice = Choice(tuple(exclude or ()), recursive, tools.settings.vault)
    if sealed:
        _check_silent(stated != NOTHING_STATED or statements or dry_run or other_patient or pages.are_trusted_with_more)
        summary = _seal(tools, _found(tools, named, choice, watch=watch), disposal, watches=watch)
    else:
        take = partial(run_as_one, tools, named) if as_one else partial(run_import, tools, _found(tools, named, choice, watch=watch))
        run = ImportRun(statements, disposal, on_error is OnError.STOP, dry_run, watch)
        summary = take(stated, run, other_patient, replace(pages, cluster=None) if dry_run else pages)
    show_summary(tools.output, summary)
    raise typer.Exit(ExitCode.OK if watch and not any(summary.counts.values()) else summary.exit_code)


def _disposal(delete: bool, move: Path | None, named: list[Path]) -> Disposal:
    disposal = Disposal(delete, move)
    disposal.check(named)
    return disposal


def _found(tools: Services, named: list[Path], choice: Choice, *, watch: bool) -> "Iterator[list[FoundFile | Problem]]":
    """Yield batches of files."""
    if not watch:
        yield find(named, choice)
        return

    def tell(folder: Path, is_there: bool) -> None:
        said = _("{path} is there again") if is_there else _("{path} cannot be looked into; it is tried again")
        tools.output.warn(said.format(path=printable(folder)))

    tools.output.say(_("Watching, until Ctrl-C or SIGTERM: ") + ", ".join(map(printable, named)))
    yield from Watch(named, choice, seconds=time.monotonic, sleep=time.sleep, poll_seconds=POLL_SECONDS, tell=tell)


def _check_alone(anything_else: object) -> None:
    if anything_else:
        hint = _("only --other-patient and how pages are read go with it: --jobs, --cluster, --pdf-password-file")
        raise UsageError(_("--resume goes on with a run as it was begun"), hint=hint)


def _check_named(
    paths: list[Path] | None, manifest: Path | None, exclude: list[str] | None, *, watch: bool, as_one: bool, sealed: bool
) -> None:
    if as_one and (manifest or watch or sealed or exclude):
        raise UsageError(_("--as-one takes files in their order, and neither --manifest, --watch, --exclude nor --sealed"))
    if bool(paths) is (manifest is not None):
        raise UsageError(_("name files and folders, or a manifest that does"))
    if watch and manifest:
        raise UsageError(_("--watch takes folders, not a manifest"))


def _stated(kind: Kind | None, date: datetime | None, practitioner: str | None, title: str | None, tags: list[str]) -> Stated:
    """Return what was said of every paper of this run."""
    return Stated(
        kind.type_code if kind else None,
        date.date() if date else None,
        None if practitioner is None else line_of_text(practitioner, TITLE_LENGTH),
        None if title is None else line_of_text(title, TITLE_LENGTH),
        tuple(line_of_text(word, TITLE_LENGTH) for word in tags),
    )


def _seal(tools: Services, batches: "Iterable[list[FoundFile | Problem]]", disposal: Disposal, *, watches: bool) -> ImportSummary:
    header = read_header(tools.settings.vault)
    state = VaultState(tools.settings.state_directory, header.vault)
    require_pinned(state, header.sealed_recipient)
    sealer = Sealer(tools.settings.vault, header, tools.clock, tools.random)
    run, summary = LockedImport(sealer, Ledger(state), disposal, tools.clock), ImportSummary()
    again = _("Interrupted. The same command goes on: what was sealed is known here.")
    with summed_up(tools.output, summary, again), until_asked(watches=watches):
        for found in batches:
            for item in run.seal(found, tools.progress(_("Sealing"))):
                summary.add(item)
                show_item(tools.output, item)
    return summary


def _check_silent(anything_said: object) -> None:
    if anything_said:
        hint = _(
            "leave --kind, --date, --manifest, --dry-run, --cluster and the like away; `monespace document edit` puts them right later"
        )
        raise UsageError(_("what is sealed carries its name and time and nothing more"), hint=hint)
