"""An import as a command runs it: asking about papers of other patients, showing what becomes of each file, and noting it."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from monespace_cli.actions.as_one import entry_of_pages
from monespace_cli.actions.entries import NOTHING_STATED, ImportRun, Stated
from monespace_cli.actions.imported import NOT_TAKEN, ImportSummary
from monespace_cli.actions.importing import AskPatient, Importer, OtherPatient, keep_back, store_marked
from monespace_cli.actions.run_log import RunLog
from monespace_cli.actions.sealed import take_in_sealed
from monespace_cli.actions.watching import until_asked
from monespace_cli.commands.outcome import show_item, show_summary
from monespace_cli.commands.page_readers import PageReaders
from monespace_cli.commands.pdf_password import password_asker
from monespace_cli.commands.services import Services
from monespace_cli.errors import MonespaceError
from monespace_cli.i18n import _
from monespace_cli.ingest.reader import IngestOptions, Portion, PortionRequest
from monespace_cli.ports import Executor, Progress
from monespace_cli.ui.output import Output, printable
from monespace_cli.vault.vault import Vault

if TYPE_CHECKING:
    from monespace_cli.ingest.walk import FoundFile, Problem


class WhenOther(StrEnum):
    """What is done with a paper that names another patient."""

    ASK = "ask"
    STORE = "store"
    QUARANTINE = "quarantine"


def run_import(
    tools: Services,
    batches: Iterable[Sequence["FoundFile | Problem"]],
    stated: Stated,
    run: ImportRun,
    when_other: WhenOther | None,
    pages: PageReaders,
) -> ImportSummary:
    """Take in what waits in the vault since it was locked, then batches of files; show what becomes of each, and say how it ended."""
    summary, progress = ImportSummary(), tools.progress(_("Importing"))
    with pages.reading(tools) as (vault, executor, options):
        log = None
        if not run.dry_run:
            take_sealed(tools, vault, Importer(vault, executor, options, tools.clock), summary)
            log = RunLog.begun(vault.runs, vault.space, run, when_other)
        importer = asking_importer(tools, vault, executor, options, progress, when_other, stated)
        take_batches(tools, importer, batches, run, log, progress, summary)
    return summary


def run_as_one(
    tools: Services,
    paths: Sequence[Path],
    stated: Stated,
    run: ImportRun,
    when_other: WhenOther | None,
    pages: PageReaders,
) -> ImportSummary:
    """Take files in as the pages of one document; show what became of it."""
    entry = entry_of_pages(paths, stated, run.disposal)
    summary, progress = ImportSummary(), tools.progress(_("Importing"))
    with pages.reading(tools) as (vault, executor, options):
        importer = asking_importer(tools, vault, executor, options, progress, when_other, stated)
        for item in importer.take([entry], 1, progress, run):
            summary.add(item)
            show_item(tools.output, item)
    return summary


def asking_importer(
    tools: Services,
    vault: Vault,
    executor: Executor[PortionRequest, Portion],
    options: IngestOptions,
    progress: Progress,
    when_other: WhenOther | None,
    stated: Stated = NOTHING_STATED,
) -> Importer:
    """Return what takes papers in and asks at the terminal, if there is one: about other patients, and for passwords of PDF files."""
    patients = patient_asker(tools, progress, vault.subject.display_name, when_other)
    passwords = password_asker(tools, progress)
    return Importer(vault, executor, options, tools.clock, stated=stated, ask_patient=patients, ask_password=passwords)


def take_batches(
    tools: Services,
    importer: Importer,
    batches: Iterable[Sequence["FoundFile | Problem"]],
    run: ImportRun,
    log: RunLog | None,
    progress: Progress,
    summary: ImportSummary,
) -> None:
    """Take batches of files in and show what becomes of each; a run that was interrupted, or stopped at an error, can be resumed."""
    resume = _("Interrupted. `monespace import --resume` goes on: what is in the vault is known there.") if log else ""
    with summed_up(tools.output, summary, resume):
        with until_asked(watches=run.watches):
            for found in batches:
                for item in importer.take_in(found, progress, run, log):
                    summary.add(item)
                    show_item(tools.output, item)
                if run.stop_on_error and any(summary.counts[status] for status in NOT_TAKEN):
                    tools.output.say(_("Stopped. `monespace import --resume` goes on after it."))
                    return
        if log and (left := log.end()):
            said = _("{count} files were not read yet: importing the folder again, or `monespace import --resume`, takes them in.")
            tools.output.say(said.format(count=left))


@contextmanager
def summed_up(output: Output, summary: ImportSummary, advice: str) -> Iterator[None]:
    """Let work that is interrupted, or broken off by an error, end with its summary all the same, and say how it goes on."""
    try:
        yield
    except (KeyboardInterrupt, MonespaceError):
        if any(summary.counts.values()) or output.is_json:
            show_summary(output, summary)
        if advice:
            output.say(advice)
        raise


def patient_asker(tools: Services, progress: Progress, person: str, when: WhenOther | None) -> AskPatient:
    """Return what decides on papers that name another patient than `person`: the option, somebody at the terminal, or nobody."""
    if when is WhenOther.ASK or (when is None and tools.terminal.is_present and not tools.output.is_json):

        def ask(path: str, patient: str) -> OtherPatient:
            said = _("{path} names {patient}, and this is the space of {person}")
            with progress.paused():
                if tools.terminal.is_present:
                    tools.output.warn(printable(said.format(path=path, patient=patient, person=person)))
                agreed = tools.terminal.confirm(
                    _("Take it in here all the same?"), otherwise=_("say --other-patient store, or --other-patient quarantine")
                )
            return OtherPatient.STORE if agreed else OtherPatient.QUARANTINE

        return ask
    return keep_back if when is WhenOther.QUARANTINE else store_marked


def take_sealed(tools: Services, vault: Vault, importer: Importer, summary: ImportSummary) -> None:
    """Take in what waits in the vault since it was locked, and show what became of each."""
    for item in take_in_sealed(vault, importer, tools.progress(_("Taking in what was sealed"))):
        summary.add(item)
        show_item(tools.output, item)
