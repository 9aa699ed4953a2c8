"""Chunked encryption: the public C2SP vectors, and no change that goes unnoticed."""

import hashlib
import io
import json
import tracemalloc
import zlib
from base64 import b64decode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from hypothesis import given
from hypothesis import strategies as st

from monespace_cli.crypto import chunked
from monespace_cli.errors import IntegrityError

FOLDER = Path(__file__).parents[1] / "vectors/chunked-encryption"
VECTORS = json.loads((FOLDER / "cobblestone-256.json").read_text(encoding="utf-8"))
SHA256_VECTORS = json.loads((FOLDER / "aes256gcm-sha256.json").read_text(encoding="utf-8"))
KEY = b"k" * 32
CHUNK = chunked.CHUNK_SIZE
SIZES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, chunked.READ_SIZE - 1, chunked.READ_SIZE, chunked.READ_SIZE + 1, 600_000]


def encrypted(plain: bytes, context: bytes = b"context") -> bytes:
    sink = io.BytesIO()
    assert chunked.encrypt(io.BytesIO(plain), sink, KEY, context) == (len(plain), hashlib.sha256(plain).hexdigest())
    return sink.getvalue()


def decrypted(data: bytes, context: bytes = b"context", key: bytes = KEY) -> bytes:
    return b"".join(chunked.decrypt(io.BytesIO(data), key, context))


def pattern(size: int) -> bytes:
    """Bytes in which no two chunks are alike."""
    return b"".join(i.to_bytes(4, "big") for i in range(size // 4 + 1))[:size]


class WrongError(Exception):
    """What the second implementation says of a ciphertext that is not right."""


def straightforward(sealed: bytes, key: bytes, context: bytes, algorithm: hashes.HashAlgorithm) -> Iterator[bytes]:
    """Decrypt by the letter of c2sp.org/chunked-encryption, with AES-256-GCM and any hash; yields each chunk once it is authentic."""
    salt, commitment, body = sealed[:24], sealed[24:56], sealed[56:]
    info = b"c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\x00" + salt + context
    derived = HKDFExpand(algorithm, 32 + 12 + 32, info).derive(key)
    if len(key) != 32 or derived[44:] != commitment:
        raise WrongError
    for number in range(len(body) // (CHUNK + 16) + 1):
        nonce = int.from_bytes(derived[32:44], "big") ^ number
        try:
            chunk = body[number * (CHUNK + 16) : (number + 1) * (CHUNK + 16)]
            yield AESGCM(derived[:32]).decrypt(nonce.to_bytes(12, "big"), chunk, None)
        except InvalidTag:
            raise WrongError from None


@pytest.mark.parametrize("vector", SHA256_VECTORS, ids=lambda vector: vector["name"])
def test_the_second_implementation_passes_the_c2sp_vectors(vector: dict[str, Any]) -> None:
    """The published vectors with failures are for SHA-256, so they cannot be put to the library itself."""
    data = b64decode(vector["ciphertext"] or "")
    data = zlib.decompress(data) if vector.get("compressed") else data
    released = b""
    try:
        for piece in straightforward(data, bytes.fromhex(vector["key"]), vector["context"].encode(), hashes.SHA256()):
            released += piece
        assert vector["expect"] == "success"
    except WrongError:
        assert vector["expect"] == "failure"
    assert len(released) == vector.get("payload_length", 0)
    assert hashlib.sha256(released).hexdigest() == vector.get("payload_sha256", hashlib.sha256().hexdigest())


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["comment"])
def test_wycheproof_vector(vector: dict[str, Any]) -> None:
    sealed = zlib.decompress(bytes.fromhex(vector["ct"]))
    plain = decrypted(sealed, bytes.fromhex(vector["ctx"]), bytes.fromhex(vector["key"]))
    assert (len(plain), hashlib.sha512(plain).hexdigest()) == (vector["msgLength"], vector["msgSha512"])


@pytest.mark.parametrize("size", SIZES)
def test_the_second_implementation_reads_ours(size: int) -> None:
    plain = pattern(size)
    assert b"".join(straightforward(encrypted(plain), KEY, b"context", hashes.SHA512())) == plain


def test_a_key_of_another_length_is_the_callers_mistake() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        list(chunked.decrypt(io.BytesIO(encrypted(b"")), KEY[:16], b"context"))


@pytest.mark.parametrize("size", SIZES)
def test_what_goes_in_comes_out(size: int) -> None:
    plain = pattern(size)
    data = encrypted(plain)
    assert len(data) == 56 + size + 16 * (size // CHUNK + 1)
    assert decrypted(data) == plain


@given(st.integers(0, 3 * CHUNK), st.integers(0, 7), st.data())
def test_a_flipped_bit_anywhere_is_noticed(size: int, bit: int, data: st.DataObject) -> None:
    changed = bytearray(encrypted(pattern(size)))
    changed[data.draw(st.integers(0, len(changed) - 1))] ^= 1 << bit
    with pytest.raises(IntegrityError):
        decrypted(bytes(changed))


@given(st.integers(0, 3 * CHUNK), st.data())
def test_a_cut_anywhere_is_noticed(size: int, data: st.DataObject) -> None:
    whole = encrypted(pattern(size))
    with pytest.raises(IntegrityError):
        decrypted(whole[: data.draw(st.integers(0, len(whole) - 1))])


@pytest.mark.parametrize("size", SIZES)
def test_more_than_was_written_is_noticed(size: int) -> None:
    with pytest.raises(IntegrityError):
        decrypted(encrypted(pattern(size)) + bytes(16))


def test_it_opens_with_its_own_key_and_context_only() -> None:
    data = encrypted(b"plain")
    with pytest.raises(IntegrityError):
        decrypted(data, context=b"another")
    with pytest.raises(IntegrityError):
        decrypted(data, key=b"x" * 32)


def test_the_same_text_never_looks_the_same() -> None:
    assert encrypted(b"plain") != encrypted(b"plain")


def test_progress_counts_every_byte_once() -> None:
    steps: list[int] = []
    chunked.encrypt(io.BytesIO(pattern(600_000)), io.BytesIO(), KEY, b"", progress=steps.append)
    assert sum(steps) == 600_000
    assert len(steps) == 3


class Trickle(io.BytesIO):
    """A source that gives less than it is asked for, as a pipe does."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(min(size or 0, 1000))


def test_a_source_may_give_less_than_asked() -> None:
    plain, sink = pattern(40_000), io.BytesIO()
    chunked.encrypt(Trickle(plain), sink, KEY, b"")
    assert b"".join(chunked.decrypt(Trickle(sink.getvalue()), KEY, b"")) == plain


class Endless(io.RawIOBase):
    """Zeros, made as they are read; what is written is forgotten."""

    def __init__(self, size: int) -> None:
        self.left = size

    def read(self, size: int = -1, /) -> bytes:
        size = min(size, self.left)
        self.left -= size
        return bytes(size)

    def write(self, data: Any, /) -> int:
        return len(data)


def peak(work: Callable[[], object]) -> int:
    tracemalloc.start()
    work()
    used = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return used


def test_memory_does_not_grow_with_the_message() -> None:
    endless, sink = cast("BinaryIO", Endless(1 << 25)), cast("BinaryIO", Endless(0))
    assert peak(lambda: chunked.encrypt(endless, sink, KEY, b"")) < 4 * chunked.READ_SIZE
    source = io.BytesIO(encrypted(bytes(1 << 23)))
    assert peak(lambda: [len(piece) for piece in chunked.decrypt(source, KEY, b"context")]) < 4 * chunked.READ_SIZE
