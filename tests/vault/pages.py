"""What the database file really holds: every page decrypted by hand (docs/formats/vault-v1.md §4), freed ones and gaps included."""

from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from monespace_cli.vault.connection import PAGE_SIZE
from monespace_cli.vault.header import DATABASE_LABEL
from monespace_cli.vault.header_file import read_header
from monespace_cli.vault.unlock import unlock

SALT, IV, RESERVED = 16, 16, 80
"""Bytes: before the first page's content; at the end of each page an IV, a MAC of 64, and as much as an AES block needs."""


def plain_pages(root: Path, secret: str) -> bytes:
    """Return the content of record.db as it is on the disk, without its log."""
    key = unlock(read_header(root), secret).derive(DATABASE_LABEL)
    data = (root / "record.db").read_bytes()
    return b"".join(_decrypt(key, data[start : start + PAGE_SIZE], first=start == 0) for start in range(0, len(data), PAGE_SIZE))


def _decrypt(key: bytes, page: bytes, *, first: bool) -> bytes:
    decryptor = Cipher(algorithms.AES(key), modes.CBC(page[-RESERVED : -RESERVED + IV])).decryptor()
    return decryptor.update(page[SALT if first else 0 : -RESERVED])
