"""Where pages are read: in processes of this machine, or on a cluster, once somebody agreed to what leaves this machine then."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from monespace_cli.commands.services import Services
from monespace_cli.errors import UsageError
from monespace_cli.i18n import _
from monespace_cli.ingest.processes import Processes, readers, usable_cpus

if TYPE_CHECKING:
    from monespace_cli.ingest.cluster import Cluster
    from monespace_cli.ingest.reader import Reader


@dataclass(frozen=True, slots=True)
class PageReaders:
    """What the command line says of where pages are read."""

    jobs: int | None
    """How many processes; None for as many as there are CPUs."""
    cluster: str | None
    credentials: Path | None
    agreed: bool
    """Whether papers may leave this machine without anybody being asked."""

    def start(self, tools: Services) -> "Reader | Processes | Cluster":
        """Return what reads.

        Raises:
            DeclinedError, LockedError: nobody agreed that papers leave this machine.
            UsageError, MissingDependencyError, TryLaterError: see :class:`~monespace_cli.ingest.cluster.Cluster`.
        """
        if self.cluster is None:
            return readers(self.jobs or usable_cpus(), tools.clock)
        if self.jobs:
            raise UsageError(_("a cluster reads with all its workers: leave --jobs away"))
        from monespace_cli.ingest.cluster import Cluster, require_private

        require_private(self.cluster)
        warning = _("papers leave this machine for {address}: whoever runs that cluster can read them, and run programs here")
        tools.output.warn(warning.format(address=self.cluster))
        tools.terminal.require_yes(_("Have them read there?"), yes=self.agreed)
        return Cluster(self.cluster, tools.ingest_options, self.credentials)
