"""Dask clusters of this machine for the tests: a scheduler and workers, each a process of its own."""

import datetime
import ipaddress
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

IN_MEMORY = {"DASK_DISTRIBUTED__WORKER__MEMORY__TARGET": "False", "DASK_DISTRIBUTED__WORKER__MEMORY__SPILL": "False"}


class LocalCluster:
    """A scheduler on loopback, and the workers that :meth:`add_worker` starts; all keep their files in `folder`."""

    def __init__(self, folder: Path, credentials: Path | None = None) -> None:
        self._folder = folder
        self._file = folder / "scheduler.json"
        self._secure = {f"--tls-{name}": str(credentials / f"{file}.pem") for name, file in _TLS_FILES.items()} if credentials else {}
        self._scheme = "tls" if credentials else "tcp"
        self.processes = [self._start("scheduler", {"--port": "0", "--scheduler-file": str(self._file)})]
        while not self._file.exists() or not self._file.read_text("utf-8"):
            assert self.processes[0].poll() is None, self.log()
            time.sleep(0.05)
        self.address: str = json.loads(self._file.read_text("utf-8"))["address"]

    def add_worker(self, settings: dict[str, str] | None = None) -> subprocess.Popen[bytes]:
        """Start a worker with one thread, which keeps all in memory unless `settings` (environment variables) say otherwise."""
        options = {"--nthreads": "1", "--local-directory": str(self._folder / "work"), "--memory-limit": "1GB"}
        process = self._start("worker", options, "--no-nanny", self.address, **(IN_MEMORY if settings is None else settings))
        self.processes.append(process)
        return process

    def log(self) -> str:
        """Return what the processes wrote."""
        return (self._folder / "log").read_text("utf-8", errors="replace")

    def files(self) -> bytes:
        """Return all that the workers wrote to their folder."""
        return b"".join(path.read_bytes() for path in (self._folder / "work").rglob("*") if path.is_file())

    def close(self) -> None:
        """End every process."""
        for process in self.processes:
            process.kill()
            process.wait()

    def _start(self, role: str, options: dict[str, str], *arguments: str, **settings: str) -> subprocess.Popen[bytes]:
        given = [part for pair in {**options, **self._secure, "--host": f"{self._scheme}://127.0.0.1"}.items() for part in pair]
        argv = [sys.executable, "-m", f"distributed.cli.dask_{role}", *given, "--no-dashboard", *arguments]
        environment = {**os.environ, **settings, "DASK_CONFIG": str(self._folder)}
        with (self._folder / "log").open("ab") as log:
            return subprocess.Popen(argv, stdout=log, stderr=log, env=environment, cwd=self._folder)


_TLS_FILES = {"ca-file": "ca", "cert": "cert", "key": "key"}


@contextmanager
def cluster(folder: Path, credentials: Path | None = None, *, workers: int = 2) -> Iterator[LocalCluster]:
    """Start a cluster and end it."""
    folder.mkdir()
    started = LocalCluster(folder, credentials)
    try:
        for _ in range(workers):
            started.add_worker()
        yield started
    finally:
        started.close()


def make_credentials(folder: Path) -> Path:
    """Make an authority and one certificate by it, for every side of a cluster on loopback."""
    folder.mkdir()
    authority, own = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer, subject = (x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]) for name in ("Test authority", "Test cluster"))
    today = datetime.datetime.now(datetime.UTC)
    base = x509.CertificateBuilder().issuer_name(issuer).not_valid_before(today).not_valid_after(today + datetime.timedelta(days=1))

    def signed(name: x509.Name, key: ec.EllipticCurvePrivateKey, extension: x509.ExtensionType) -> x509.Certificate:
        builder = base.subject_name(name).public_key(key.public_key()).serial_number(x509.random_serial_number())
        return builder.add_extension(extension, critical=True).sign(authority, hashes.SHA256())

    ca = signed(issuer, authority, x509.BasicConstraints(ca=True, path_length=0))
    cert = signed(subject, own, x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]))
    (folder / "ca.pem").write_bytes(ca.public_bytes(Encoding.PEM))
    (folder / "cert.pem").write_bytes(cert.public_bytes(Encoding.PEM))
    (folder / "key.pem").write_bytes(own.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return folder
