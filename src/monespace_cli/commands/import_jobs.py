"""`monespace import status`, `retry` and `--resume`: what remains of earlier runs of the import."""

from typing import Annotated, Any

import typer

from monespace_cli.actions.imported import ImportedItem, ImportSummary
from monespace_cli.actions.importing import Importer, keep_back
from monespace_cli.actions.retrying import MAX_ATTEMPTS, Retries, retries_of
from monespace_cli.actions.run_log import RunLog, RunState, found_again, host_of, left_of, run_of, state_of, to_be_resumed
from monespace_cli.commands.importing import WhenOther, asking_importer, take_batches, take_sealed
from monespace_cli.commands.outcome import explain, show_item, show_summary
from monespace_cli.commands.page_readers import PageReaders, reads_pages
from monespace_cli.commands.services import Services, services
from monespace_cli.i18n import _
from monespace_cli.ingest.reader import IngestOptions, Portion, PortionRequest
from monespace_cli.ingest.walk import printable
from monespace_cli.ports import Executor
from monespace_cli.ui.views import moment
from monespace_cli.vault.runs import FileState, OpenFile, Run
from monespace_cli.vault.vault import Vault

SHOWN_RUNS = 10
SHOWN_FILES = 20


def show_status(context: typer.Context) -> None:
    """Say what the last runs of the import did, and which files remain to be read, or failed."""
    tools = services(context)
    with tools.open_vault() as vault:
        runs = vault.runs.latest(vault.space, SHOWN_RUNS)
        files = vault.runs.open_files(vault.space, *FileState)
        waiting = len(vault.quarantine.all())
    if tools.output.is_json:
        tools.output.object(
            {"type": "import-status", "runs": [_run_json(run) for run in runs], "files": [_file_json(file) for file in files]}
            | {"quarantined": waiting}
        )
        return
    columns = (_("Begun"), _("Files"), _("Imported"), _("Known"), _("Quarantined"), _("Failed"), _("Left"), _("State"))
    tools.output.table(columns, map(_run_row, runs))
    if files:
        tools.output.heading(_("To be done"))
        tools.output.table((_("File"), _("State"), _("Tried"), _("Reason"), _("Next")), map(_file_row, files[:SHOWN_FILES]))
    if len(files) > SHOWN_FILES:
        tools.output.say(_("… and {count} more: --json lists all").format(count=len(files) - SHOWN_FILES))
    if any(state_of(run) in (RunState.INTERRUPTED, RunState.ELSEWHERE) and run.left for run in runs):
        tools.output.say(_("`monespace import --resume` goes on with the last run that was interrupted"))
    if waiting:
        tools.output.say(_("{count} in quarantine: `monespace quarantine list` says why").format(count=waiting))


@reads_pages
def retry(
    context: typer.Context,
    code: Annotated[
        str, typer.Option(metavar="CODE", help=_("Those with this reason, such as damaged-file, and not those that may pass."))
    ] = "",
    *,
    pages: PageReaders,
) -> None:
    """Try again what failed, or went to the quarantine, for a reason that may pass by itself: a reader that crashed, a disk, a timeout.

    Nothing is tried more often than five times; `monespace quarantine retry ID` tries an item all the same.
    """
    tools = services(context)
    summary = ImportSummary()
    with pages.reading(tools) as (vault, executor, options):
        retries = retries_of(vault, code)
        importer = Importer(vault, executor, options, tools.clock, ask_patient=keep_back)
        for item in importer.retry(retries.items):
            _show(tools, summary, item)
        for run, files in retries.runs:
            _go_on(tools, vault, executor, options, run, files, summary)
    _say_given_up(tools, retries)
    raise typer.Exit(_show_end(tools, summary, _("Nothing is to be tried again.")))


def resume_run(tools: Services, when_other: WhenOther | None, pages: PageReaders) -> int:
    """Go on with the last run that was interrupted; return the exit status."""
    summary = ImportSummary()
    with pages.reading(tools) as (vault, executor, options):
        take_sealed(tools, vault, Importer(vault, executor, options, tools.clock), summary)
        run = to_be_resumed(vault.runs, vault.space)
        if run:
            if state_of(run) is RunState.ELSEWHERE:
                tools.output.warn(_("this run was begun on {host}: see that it is not underway there").format(host=host_of(run)))
            if run.options.get("watch"):
                tools.output.say(_("This run watched folders. What it left is taken in; `monespace import --watch` goes on watching."))
            _go_on(tools, vault, executor, options, run, left_of(vault.runs, run), summary, when_other)
    return _show_end(tools, summary, _("No run was interrupted."))


def _go_on(
    tools: Services,
    vault: Vault,
    executor: Executor[PortionRequest, Portion],
    options: IngestOptions,
    run: Run,
    files: list[OpenFile],
    summary: ImportSummary,
    when_other: WhenOther | None = None,
) -> None:
    """Take files of an earlier run in as it was begun; `when_other` says otherwise of papers that name another patient."""
    begun = run.options.get("other_patient")
    progress = tools.progress(_("Importing"))
    importer = asking_importer(tools, vault, executor, options, progress, when_other or (WhenOther(begun) if begun else None))
    log = RunLog.resumed(vault.runs, run, files)
    take_batches(tools, importer, [found_again(files)], run_of(run, files), log, progress, summary)


def _show(tools: Services, summary: ImportSummary, item: ImportedItem) -> None:
    summary.add(item)
    show_item(tools.output, item)


def _show_end(tools: Services, summary: ImportSummary, nothing: str) -> int:
    """Show how it ended, in words of its own where there was nothing to do; return the exit status."""
    did = any(summary.counts.values())
    if did or tools.output.is_json:
        show_summary(tools.output, summary)
    else:
        tools.output.say(nothing)
    return summary.exit_code if did else 0


def _say_given_up(tools: Services, retries: Retries) -> None:
    if retries.given_up:
        said = _(
            "{count} were tried {attempts} times and are not tried again by themselves: `monespace quarantine retry ID`, or import them"
        )
        tools.output.say(said.format(count=retries.given_up, attempts=MAX_ATTEMPTS))


def _state(run: Run) -> str:
    words = {
        RunState.ENDED: _("ended"),
        RunState.UNDERWAY: _("underway"),
        RunState.INTERRUPTED: _("interrupted"),
        RunState.ELSEWHERE: _("interrupted, or underway on {host}"),
    }
    return words[state_of(run)].format(host=printable(host_of(run)))


def _run_json(run: Run) -> dict[str, Any]:
    return {
        "run": run.number,
        "started_at": run.started_at.isoformat(),
        "ended_at": run.ended_at.isoformat() if run.ended_at else None,
        "state": str(state_of(run)),
        "found": run.found,
        "outcomes": dict(run.counts),
        "files": {str(state): run.open.get(state, 0) for state in FileState},
        "host": host_of(run) or None,
    }


def _run_row(run: Run) -> tuple[str, ...]:
    counts = [str(run.counts.get(status, 0)) for status in ("imported", "duplicate", "quarantined", "failed")]
    return (moment(run.started_at), str(run.found), *counts, str(run.left), _state(run))


def _file_json(file: OpenFile) -> dict[str, Any]:
    reason, next_step = explain(file.code) if file.code else (None, None)
    return {
        "run": file.run,
        "path": printable(file.path),
        "state": str(file.state),
        "code": file.code or None,
        "reason": reason,
        "next": next_step,
        "attempts": file.attempts,
    }


def _file_row(file: OpenFile) -> tuple[str, ...]:
    labels = {
        FileState.PENDING: _("to be read"),
        FileState.STORED: _("in the vault, to be moved or deleted"),
        FileState.FAILED: _("failed"),
    }
    return (printable(file.path), labels[file.state], str(file.attempts), *(explain(file.code) if file.code else ("", "")))
