"""What of earlier imports is worth another try: failures that may pass by themselves, and not for ever."""

from dataclasses import dataclass
from itertools import groupby

from monespace_cli.ingest.problems import Code
from monespace_cli.vault.quarantine import QuarantinedItem
from monespace_cli.vault.runs import FileState, OpenFile, Run
from monespace_cli.vault.vault import Vault

MAX_ATTEMPTS = 5
"""After so many tries a failure is none that passes."""


@dataclass(frozen=True, slots=True)
class Retries:
    """What is tried again."""

    items: list[QuarantinedItem]
    """Of the quarantine."""
    runs: list[tuple[Run, list[OpenFile]]]
    """Files that are not in the vault, by the run that they failed in; not of one that is underway."""
    given_up: int
    """How many have been tried too often."""


def retries_of(vault: Vault, code: str) -> Retries:
    """Return what failed in the space in use for a passing reason, or with `code` where one is given."""
    items = [item for item in vault.quarantine.all() if _is_meant(item.code, code)]
    files = [file for file in vault.runs.open_files(vault.space, FileState.FAILED) if _is_meant(file.code, code)]
    by_run = groupby((file for file in files if file.attempts < MAX_ATTEMPTS), lambda file: file.run)
    runs = [(vault.runs.get(number), list(group)) for number, group in by_run]
    return Retries(
        [item for item in items if item.attempts < MAX_ATTEMPTS],
        [(run, group) for run, group in runs if not run.is_underway],
        sum(attempts >= MAX_ATTEMPTS for attempts in [each.attempts for each in items] + [each.attempts for each in files]),
    )


def _is_meant(found: str, wanted: str) -> bool:
    return found == wanted if wanted else found in set(Code) and Code(found).is_passing
