"""The payload stream: any way of writing gives one file, any way of reading gives its content, and no part of it can be changed."""

import io
import zipfile
from collections.abc import Iterator

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from hypothesis import given
from hypothesis import strategies as st

from monespace_cli.crypto.age.stream import CHUNK_SIZE, SEALED_SIZE, StreamReader, StreamWriter
from monespace_cli.errors import BundleError

KEY = b"k" * 32
SIZES = [0, 1, CHUNK_SIZE - 1, CHUNK_SIZE, CHUNK_SIZE + 1, 2 * CHUNK_SIZE, 2 * CHUNK_SIZE + 1, 200_000]
PLAIN = b"".join(i.to_bytes(4, "big") for i in range(50_000))


def sealed(plain: bytes, *, pieces: list[int] | None = None) -> bytes:
    """Encrypt `plain`, written in pieces of the given sizes and then the rest."""
    sink = io.BytesIO()
    with StreamWriter(sink, KEY) as writer:
        for size in pieces or []:
            assert writer.write(plain[:size]) == len(plain[:size])
            plain = plain[size:]
        writer.write(plain)
    return sink.getvalue()


def opened(data: bytes, start: int = 0) -> StreamReader:
    return StreamReader(io.BytesIO(data), KEY, start)


@pytest.mark.parametrize("size", SIZES)
def test_what_goes_in_comes_out(size: int) -> None:
    data = sealed(PLAIN[:size])
    assert len(data) == size + 16 * max(1, -(-size // CHUNK_SIZE))
    assert opened(data).read() == PLAIN[:size]
    assert opened(b"header" + data, 6).read() == PLAIN[:size]


@given(st.lists(st.sampled_from([0, 1, 1000, CHUNK_SIZE - 1, CHUNK_SIZE, CHUNK_SIZE + 1, 70_000]), max_size=8))
def test_how_it_is_written_does_not_matter(pieces: list[int]) -> None:
    assert sealed(PLAIN, pieces=pieces) == sealed(PLAIN)


@pytest.mark.parametrize("total", [CHUNK_SIZE, 2 * CHUNK_SIZE])
def test_a_last_piece_that_fills_its_chunk_is_the_last_chunk(total: int) -> None:
    assert sealed(PLAIN[:total], pieces=[1, total - 1]) == sealed(PLAIN[:total])


@given(st.lists(st.tuples(st.integers(0, 210_000), st.integers(0, 70_000)), max_size=6))
def test_reading_anywhere_is_like_reading_a_file(moves: list[tuple[int, int]]) -> None:
    plain, reader = io.BytesIO(PLAIN), io.BufferedReader(opened(sealed(PLAIN)), CHUNK_SIZE)
    for position, size in moves:
        for whence, offset in ((io.SEEK_SET, position), (io.SEEK_END, -min(position, len(PLAIN))), (io.SEEK_CUR, size)):
            assert reader.seek(offset, whence) == plain.seek(offset, whence)
            assert reader.read(size) == plain.read(size)
            assert reader.tell() == plain.tell()


def test_positions_that_do_not_exist_are_refused() -> None:
    reader = opened(sealed(b"plain"))
    for offset, whence in ((-1, io.SEEK_SET), (-6, io.SEEK_END), (0, 3)):
        with pytest.raises(ValueError, match="no such position"):
            reader.seek(offset, whence)
    assert reader.readinto(bytearray()) == 0
    assert (reader.readable(), reader.seekable(), reader.writable()) == (True, True, False)


def test_a_zip_can_be_written_into_it_and_read_from_it() -> None:
    sink = io.BytesIO()
    with StreamWriter(sink, KEY) as writer, zipfile.ZipFile(writer, "w") as archive:
        archive.writestr("a", PLAIN)
        archive.writestr("b", b"second")
    with zipfile.ZipFile(io.BufferedReader(opened(sink.getvalue()), CHUNK_SIZE)) as archive:
        assert archive.read("b") == b"second"
        assert archive.read("a") == PLAIN


class InterruptionError(Exception):
    """Something that goes wrong while a file is written."""


@pytest.mark.parametrize("size", SIZES)
def test_an_exception_leaves_a_file_that_opens_nowhere(size: int) -> None:
    sink = io.BytesIO()
    with pytest.raises(InterruptionError), StreamWriter(sink, KEY) as writer:
        writer.write(PLAIN[:size])
        raise InterruptionError
    assert writer.closed
    with pytest.raises(BundleError):
        opened(sink.getvalue())


def test_a_forgotten_writer_leaves_a_file_that_opens_nowhere() -> None:
    sink = io.BytesIO()
    StreamWriter(sink, KEY).write(PLAIN)
    with pytest.raises(BundleError):
        opened(sink.getvalue())


def test_closing_twice_writes_one_end_and_leaves_the_sink_open() -> None:
    sink = io.BytesIO()
    writer = StreamWriter(sink, KEY)
    writer.write(b"plain")
    assert writer.tell() == 5
    writer.close()
    writer.close()
    assert not sink.closed
    assert opened(sink.getvalue()).read() == b"plain"
    with pytest.raises(ValueError, match="closed"):
        writer.write(b"more")


class FullDisk(io.BytesIO):
    """A sink that fails once, at its second write, and keeps what it was given all the same."""

    writes = 0

    def write(self, data: object, /) -> int:
        self.writes += 1
        size = super().write(data)  # type: ignore[arg-type]
        if self.writes == 2:
            raise OSError("no space left")
        return size


def test_a_nonce_is_not_used_again_after_a_failed_write() -> None:
    sink = FullDisk()
    writer = StreamWriter(sink, KEY)
    writer.write(PLAIN[: CHUNK_SIZE + 1])
    with pytest.raises(OSError, match="no space"):
        writer.write(PLAIN[: 2 * CHUNK_SIZE])
    writer.write(PLAIN[: 2 * CHUNK_SIZE])
    third = sink.getvalue()[2 * SEALED_SIZE : 3 * SEALED_SIZE]
    # The failed write took number 1; what came after it must have another.
    with pytest.raises(InvalidTag):
        ChaCha20Poly1305(KEY).decrypt((1).to_bytes(11, "big") + b"\0", third, None)
    assert ChaCha20Poly1305(KEY).decrypt((2).to_bytes(11, "big") + b"\0", third, None)


@given(st.sampled_from(SIZES[:6]), st.integers(0, 7), st.data())
def test_a_flipped_bit_anywhere_is_noticed(size: int, bit: int, choose: st.DataObject) -> None:
    changed = bytearray(sealed(PLAIN[:size]))
    changed[choose.draw(st.integers(0, len(changed) - 1))] ^= 1 << bit
    with pytest.raises(BundleError):
        opened(bytes(changed)).read()


@given(st.sampled_from(SIZES), st.data())
def test_a_cut_anywhere_is_noticed_at_once(size: int, choose: st.DataObject) -> None:
    data = sealed(PLAIN[:size])
    with pytest.raises(BundleError):
        opened(data[: choose.draw(st.integers(0, len(data) - 1))])


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("more", [1, 16, 17, SEALED_SIZE])
def test_trailing_bytes_are_noticed_at_once(size: int, more: int) -> None:
    with pytest.raises(BundleError):
        opened(sealed(PLAIN[:size]) + bytes(more))


def chunks(*plains: bytes, last: int) -> Iterator[bytes]:
    """Chunks sealed one by one, the one at `last` with the mark of the end."""
    for number, plain in enumerate(plains):
        nonce = number.to_bytes(11, "big") + bytes([number == last])
        yield ChaCha20Poly1305(KEY).encrypt(nonce, plain, None)


def test_an_empty_last_chunk_after_another_is_refused() -> None:
    full = PLAIN[:CHUNK_SIZE]
    assert opened(b"".join(chunks(full, b"x", last=1))).read() == full + b"x"
    with pytest.raises(BundleError):
        opened(b"".join(chunks(full, b"", last=1)))


def test_chunks_cannot_be_moved_or_dropped() -> None:
    data = sealed(PLAIN)
    first, second, rest = data[:SEALED_SIZE], data[SEALED_SIZE : 2 * SEALED_SIZE], data[2 * SEALED_SIZE :]
    for wrong in (second + first + rest, second + rest, first + first + rest):
        with pytest.raises(BundleError):
            opened(wrong).read()


def test_the_size_is_authentic_before_anything_is_read() -> None:
    """A file whose first chunks are right and whose last one is not is refused when it is opened, not when the end is reached."""
    changed = bytearray(sealed(PLAIN))
    changed[-1] ^= 1
    with pytest.raises(BundleError):
        opened(bytes(changed))
