"""Reading pages on a Dask cluster: an executor of whatever width the cluster has. Needs the extra `cluster`.

Rules: beyond this machine everything goes by TLS, to the workers too; workers that spill to their disks, cannot read or run another release
are refused before any paper is sent; a worker that dies costs nothing, since its pages are read again by another. Results are taken out of
the cluster's memory as soon as they are here.

Residual risk: what travels is pickled, so that whoever commands the scheduler or a worker can run programs here. Whoever asks for this
decides whom to trust; TLS certificates on both sides keep everybody else out.
"""

import contextlib
import ipaddress
import logging
import ssl
import threading
import time
import warnings
from collections.abc import Callable, Iterable
from concurrent.futures import Future, InvalidStateError
from pathlib import Path
from typing import Any, Final, Self
from urllib.parse import urlsplit
from uuid import uuid4

from monespace_cli import __version__
from monespace_cli.errors import MissingDependencyError, TryLaterError, UnreadableInputError, UsageError
from monespace_cli.i18n import _
from monespace_cli.ingest.cluster_worker import Errand, Fitness, fitness, here, read
from monespace_cli.ingest.problems import Code, unreadable
from monespace_cli.ingest.reader import IngestOptions, Portion, PortionRequest

CREDENTIALS: Final = ("ca.pem", "cert.pem", "key.pem")
"""Files of a credentials folder: the cluster's own authority, this client's certificate and its key."""

CONNECT_SECONDS: Final = 15

PATIENCE_SECONDS: Final = 60.0
"""How long no worker may be there before a run gives up; one that died is started again by its nanny within seconds."""

_LOOK_SECONDS: Final = 1.0

_LOGGERS: Final = ("distributed", "distributed.client", "distributed.comm", "distributed.core", "distributed.utils", "tornado.application")

_NO_SPILLING: Final = "DASK_DISTRIBUTED__WORKER__MEMORY__TARGET=False DASK_DISTRIBUTED__WORKER__MEMORY__SPILL=False"


def require_private(address: str) -> None:
    """Check where papers would go: `tls://`, or `tcp://` that does not leave this machine.

    Raises:
        UsageError: it is no such address, or papers would cross a network in the clear.
    """
    try:
        parts = urlsplit(address)
        scheme, host, port = parts.scheme, parts.hostname, parts.port
    except ValueError:
        scheme, host, port = "", None, None
    if not host or not port or scheme not in {"tls", "tcp"}:
        raise UsageError(_("a cluster is named as tls://HOST:PORT"))
    if scheme == "tcp" and not _is_loopback(host):
        raise UsageError(_("papers leave this machine by TLS only"), hint=_("start the cluster with TLS, and name it as tls://HOST:PORT"))


class Cluster:
    """A Dask cluster as an executor. Implements `ports.Executor`."""

    def __init__(
        self,
        address: str,
        options: IngestOptions,
        credentials: Path | None = None,
        *,
        patience: float = PATIENCE_SECONDS,
        before_first: Callable[[], None] = lambda: None,
    ) -> None:
        """Connect, by the certificates in the folder `credentials`, and make sure that every worker is fit for `options`.

        `before_first` is called before the first paper goes there.

        Raises:
            UsageError: the address or the credentials are wrong, or papers might cross a network in the clear or reach a worker's disk.
            MissingDependencyError: the extra is not installed here, or something is missing on a worker.
            TryLaterError: the cluster cannot be reached, or has no workers.
        """
        require_private(address)
        self._patience = patience
        self._before_first: Callable[[], None] | None = before_first
        self._waiting: set[Future[Portion]] = set()
        self._closing = threading.Event()
        self._client = _connected(address, credentials)
        try:
            self.width = self._require_fit_workers(options)
        except BaseException:
            self._client.close()
            raise
        self._watch = threading.Thread(target=self._watch_workers, name="cluster", daemon=True)
        self._watch.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Leave the cluster; what it still reads for us is dropped there."""
        self._closing.set()
        self._watch.join()
        self._client.close()

    def submit(self, request: PortionRequest) -> Future[Portion]:
        """Have some pages read by whichever worker is free; see :class:`~monespace_cli.ports.Executor`."""
        if self._before_first:
            self._before_first()
            self._before_first = None
        asked = PortionRequest(request.data, here(request.options), request.first)
        done: Future[Portion] = Future()
        self._waiting.add(done)
        with warnings.catch_warnings():  # that the pages should be put on a worker first: they would be lost with it
            warnings.simplefilter("ignore")
            remote = self._client.submit(read, Errand(asked), key=f"monespace-{uuid4()}", pure=False)
        done.add_done_callback(lambda ours: self._forget(ours, remote))
        remote.add_done_callback(lambda theirs: _settle(done, theirs))
        return done

    def _forget(self, ours: Future[Portion], remote: Any) -> None:
        self._waiting.discard(ours)
        if ours.cancelled():
            remote.cancel()
        remote.release()

    def _require_fit_workers(self, options: IngestOptions) -> int:
        """Return how many pages are read at once."""
        try:
            self._client.wait_for_workers(1, timeout=CONNECT_SECONDS)
            threads: dict[str, int] = self._client.nthreads()
            said = self._client.run(fitness, here(options), on_error="return")
        except (OSError, TimeoutError):
            raise TryLaterError(_("the cluster has no workers")) from None
        _require_private_workers(threads)
        for worker in said.values():
            _require_fit(worker)
        return max(1, sum(threads.values()))

    def _watch_workers(self) -> None:
        """Give up what waits for too long without any worker."""
        seen = time.monotonic()
        while not self._closing.wait(_LOOK_SECONDS):
            with contextlib.suppress(Exception):  # the scheduler is away: then there are no workers either
                if self._client.nthreads():
                    seen = time.monotonic()
            if time.monotonic() - seen > self._patience:
                for waiting in tuple(self._waiting):
                    _fail(waiting, _lost())


def _connected(address: str, credentials: Path | None) -> Any:
    try:
        from distributed import Client
    except ImportError:
        hint = _("install it with: pip install 'monespace-cli[cluster]'")
        raise MissingDependencyError(_("reading on a cluster takes the extra `cluster`, which is not installed"), hint=hint) from None
    for name in _LOGGERS:
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what goes wrong is said by us
    security = _security(credentials) if address.startswith("tls:") else None
    try:
        return Client(address, security=security, timeout=CONNECT_SECONDS, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, TimeoutError):
        raise TryLaterError(
            _("the cluster at {address} cannot be reached").format(address=address),
            hint=_("is it running, and are the certificates its own?"),
        ) from None


def _security(folder: Path | None) -> Any:
    from distributed.security import Security

    if folder is None:
        raise UsageError(_("a cluster behind TLS takes certificates"), hint=_("name their folder with --cluster-credentials"))
    authority, certificate, key = (folder / name for name in CREDENTIALS)
    try:
        ssl.create_default_context(cafile=authority).load_cert_chain(certificate, key)
    except OSError:  # not there, or no certificates
        raise UsageError(_("{folder} does not hold ca.pem, cert.pem and key.pem that fit together").format(folder=folder)) from None
    files = {"tls_ca_file": str(authority), "tls_client_cert": str(certificate), "tls_client_key": str(key)}
    return Security(require_encryption=True, **files)  # type: ignore[no-untyped-call]


def _require_private_workers(addresses: Iterable[str]) -> None:
    for address in addresses:
        try:
            require_private(address)
        except UsageError:  # a transport of its own, such as `inproc`
            raise UsageError(_("the cluster's workers are not reached by TLS")) from None


def _require_fit(worker: Fitness | BaseException) -> None:
    if not isinstance(worker, Fitness) or worker.version != __version__:
        raise MissingDependencyError(
            _("a worker of the cluster does not run this release of monespace"),
            hint=_("install monespace-cli[cluster] {version} on each").format(version=__version__),
        )
    if not worker.in_memory:
        raise UsageError(
            _("a worker of the cluster might write papers to its disk"), hint=_("start each with: {settings}").format(settings=_NO_SPILLING)
        )
    if not worker.can_read:
        raise MissingDependencyError(
            _("a worker of the cluster lacks tesseract, or data for a language of the papers"), hint=_("see `monespace doctor` there")
        )


def _settle(done: "Future[Portion]", theirs: Any) -> None:
    """Hand on what came of some pages: read, refused, or lost with the cluster."""
    from distributed.scheduler import KilledWorker

    try:
        content = theirs.result(timeout=CONNECT_SECONDS).content if theirs.status == "finished" else theirs.exception()
    except Exception:
        content = _lost()
    match content:
        case Portion():
            with contextlib.suppress(InvalidStateError):  # cancelled meanwhile
                done.set_result(content)
        case str():
            _fail(done, unreadable(content))
        case KilledWorker():
            _fail(done, unreadable(Code.READER_CRASHED))
        case _:
            _fail(done, _lost())


def _fail(done: "Future[Portion]", error: UnreadableInputError | TryLaterError) -> None:
    with contextlib.suppress(InvalidStateError):
        done.set_exception(error)


def _lost() -> TryLaterError:
    return TryLaterError(_("the cluster was lost"), hint=_("`monespace import --resume` goes on with the run, here or with --cluster"))


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
