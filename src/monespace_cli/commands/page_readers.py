"""How pages are read: in processes of this machine, or on a cluster, once somebody agreed to what leaves this machine then."""

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monespace_cli.commands.options import YesOption
from monespace_cli.commands.pdf_password import PasswordDescriptorOption, PasswordFileOption, with_password
from monespace_cli.commands.services import Services
from monespace_cli.errors import UsageError
from monespace_cli.i18n import _
from monespace_cli.record.journal import Event

if TYPE_CHECKING:
    from monespace_cli.ingest.cluster import Cluster
    from monespace_cli.ingest.reader import IngestOptions, Portion, PortionRequest
    from monespace_cli.ports import Executor
    from monespace_cli.vault.vault import Vault

_JobsOption = Annotated[
    int | None,
    typer.Option(min=1, max=64, metavar="N", help=_("How many processes read pages; as many as there are usable CPUs without it.")),
]
_ClusterOption = Annotated[
    str | None,
    typer.Option(metavar="tls://HOST:PORT", help=_("Have pages read on this Dask cluster, which then sees the papers: docs/cluster.md.")),
]
_CredentialsOption = Annotated[
    Path | None,
    typer.Option("--cluster-credentials", metavar="DIR", help=_("Where ca.pem, cert.pem and key.pem lie that the cluster goes by.")),
]


@dataclass(frozen=True, slots=True)
class PageReaders:
    """What the command line says of how pages are read."""

    jobs: int | None
    """How many processes; None for as many as there are CPUs."""
    cluster: str | None
    credentials: Path | None
    agreed: bool
    """Whether papers may leave this machine without anybody being asked."""
    password_file: Path | None
    password_descriptor: int | None

    def __post_init__(self) -> None:
        """See that it makes sense.

        Raises:
            UsageError: it does not, or papers would cross a network in the clear.
        """
        if self.cluster is None:
            return
        if self.jobs:
            raise UsageError(_("a cluster reads with all its workers: leave --jobs away"))
        from monespace_cli.ingest.cluster import require_private

        require_private(self.cluster)

    @property
    def are_trusted_with_more(self) -> bool:
        """Whether they are a cluster, or are given a password."""
        return any(said is not None for said in (self.cluster, self.password_file, self.password_descriptor))

    @contextmanager
    def reading(self, tools: Services, **how: Any) -> "Iterator[tuple[Vault, Executor[PortionRequest, Portion], IngestOptions]]":
        """Open the vault and start what reads; give both, and the options to read with, which say `how` in part.

        Raises:
            UsageError, LockedError: see :func:`~monespace_cli.commands.pdf_password.with_password`.
            DeclinedError, LockedError: nobody agreed that papers leave this machine.
            NotAllowedError: they are not the actor's to send.
            UsageError, MissingDependencyError, TryLaterError: see :class:`~monespace_cli.ingest.cluster.Cluster`.
        """
        from monespace_cli.ingest.processes import readers, usable_cpus

        options = replace(with_password(tools.ingest_options, self.password_file, self.password_descriptor), **how)
        with tools.open_vault() as vault:
            if self.cluster is not None:
                with self._cluster(self.cluster, tools, vault, options) as cluster:
                    yield vault, cluster, options
            else:
                with readers(self.jobs or usable_cpus(), tools.clock) as processes:
                    yield vault, processes, options

    def _cluster(self, address: str, tools: Services, vault: "Vault", options: "IngestOptions") -> "Cluster":
        """Return a cluster. The journal tells of it before the first paper goes there."""
        from monespace_cli.ingest.cluster import Cluster

        vault.journal.require(Event.PAPERS_SENT)
        warning = _("papers leave this machine for {address}: whoever runs that cluster can read them, and run programs here")
        tools.output.warn(warning.format(address=address))
        tools.terminal.require_yes(_("Have them read there?"), yes=self.agreed)
        return Cluster(address, options, self.credentials, before_first=lambda: vault.journal.write(Event.PAPERS_SENT, cluster=address))


def _taken(
    jobs: _JobsOption = None,
    pdf_password_file: PasswordFileOption = None,
    pdf_password_fd: PasswordDescriptorOption = None,
    cluster: _ClusterOption = None,
    credentials: _CredentialsOption = None,
    yes: YesOption = False,
) -> PageReaders:
    return PageReaders(jobs, cluster, credentials, yes, pdf_password_file, pdf_password_fd)


def reads_pages(command: Callable[..., None]) -> Callable[..., None]:
    """Let a command take the options of how pages are read behind its own; it is handed them as its argument `pages`."""
    own, shared = inspect.signature(command), inspect.signature(_taken).parameters

    @wraps(command)
    def taking(**given: Any) -> None:
        command(pages=_taken(**{name: given.pop(name) for name in shared}), **given)

    parameters = [each for each in own.parameters.values() if each.name != "pages"]
    keywords = [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in [*parameters, *shared.values()]]
    taking.__signature__ = own.replace(parameters=keywords)  # type: ignore[attr-defined]  # it is what Typer reads
    return taking
