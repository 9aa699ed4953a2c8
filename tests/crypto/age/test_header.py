"""The header: what parses is canonical, and everything in it is bounded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monespace_cli.crypto.age import header
from monespace_cli.crypto.age.header import Header, Stanza, from_base64, parse, to_base64
from monespace_cli.errors import BundleError

MAC = b"m" * 32
WORDS = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=20)
STANZAS = st.builds(Stanza, WORDS, st.lists(WORDS, max_size=3).map(tuple), st.binary(max_size=150))
HEADERS = st.builds(Header, st.lists(STANZAS, min_size=1, max_size=4).map(tuple), st.just(MAC))


def one(stanza: Stanza) -> bytes:
    return Header((stanza,), MAC).serialise()


SMALL = one(Stanza("X25519", ("share",), b"body"))


@given(HEADERS, st.binary(max_size=50))
def test_what_is_written_is_read(written: Header, payload: bytes) -> None:
    data = written.serialise()
    assert parse(data + payload) == (written, len(data))


@given(HEADERS, st.data())
def test_what_parses_is_written_back_the_same(written: Header, choose: st.DataObject) -> None:
    """Two different texts never mean the same header (age's FuzzMalleability)."""
    changed = bytearray(written.serialise())
    position = choose.draw(st.integers(0, len(changed) - 1))
    changed[position] = choose.draw(st.sampled_from(list(b"\r\n \t=-+/AZaz09\x00\x80")))
    try:
        parsed, size = parse(bytes(changed))
    except BundleError:
        return
    assert parsed.serialise() == changed[:size]


@given(st.binary(max_size=100))
def test_base64_round_trip(data: bytes) -> None:
    assert from_base64(to_base64(data)) == data


@pytest.mark.parametrize("text", [b"QQ==", b"QR", b"Q", b"Q Q", b"QQ\n", b"Q-_A", b"=", b"QQ=", "é".encode()])
def test_base64_that_is_not_canonical_is_refused(text: bytes) -> None:
    with pytest.raises(BundleError):
        from_base64(text)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "damaged"),
        (b"age-encryption.org/v1", "damaged"),
        (b"age-encryption.org/v2\n" + SMALL[22:], "not an age v1 file"),
        (b"PK\x03\x04 something else\n", "not an age v1 file"),
        (b"-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n", "ASCII-armored"),
        (b"-----BEGIN AGE ENCRYPTED FILE-----\r\nYWdl\r\n", "ASCII-armored"),
        (SMALL[:-1], "damaged"),
        (SMALL.replace(b"--- ", b"---"), "damaged"),
        (SMALL.replace(b"--- ", b"--  "), "damaged"),
        (SMALL.replace(b"-> X25519", b"->  X25519"), "damaged"),
        (Header((), MAC).serialise(), "damaged"),
        (Header((Stanza("X25519", (), b""),), MAC[:-1]).serialise(), "damaged"),
    ],
)
def test_a_header_that_breaks_the_format_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(BundleError, match=message):
        parse(data)


@pytest.mark.parametrize("columns", [63, 65, 68, 128])
def test_a_body_wrapped_otherwise_is_refused(columns: int) -> None:
    body = to_base64(bytes(192))
    lines = [body[i : i + columns] for i in range(0, len(body) + 1, columns)]
    with pytest.raises(BundleError):
        parse(b"\n".join([header.VERSION_LINE, b"-> T", *lines, b"--- " + to_base64(MAC), b""]))


def test_every_cut_of_a_header_is_refused() -> None:
    for size in range(len(SMALL)):
        with pytest.raises(BundleError):
            parse(SMALL[:size])


def test_a_line_over_the_limit_is_refused() -> None:
    longest = header.MAX_LINE - len("-> T ")
    assert parse(one(Stanza("T", ("x" * longest,), b"")))
    with pytest.raises(BundleError):
        parse(one(Stanza("T", ("x" * (longest + 1),), b"")))


def test_too_many_stanzas_are_refused() -> None:
    stanza = Stanza("T", (), b"")
    assert parse(Header((stanza,) * header.MAX_STANZAS, MAC).serialise())
    with pytest.raises(BundleError, match="too many recipients"):
        parse(Header((stanza,) * (header.MAX_STANZAS + 1), MAC).serialise())


def test_a_header_over_the_limit_is_refused() -> None:
    room = header.MAX_HEADER_SIZE - len(one(Stanza("T", (), b"")))
    body = room // 65 * 48
    assert parse(one(Stanza("T", (), bytes(body))))
    with pytest.raises(BundleError):
        parse(one(Stanza("T", (), bytes(body + 96))))
