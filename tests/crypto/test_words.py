"""Words: BIP39's own, and any way a person may type them."""

import hashlib
import subprocess
import sys
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mnemonic import Mnemonic

from monespace_cli.crypto.words import _index, fingerprint_words, kit_entropy, kit_words, looks_like_kit, same_words
from monespace_cli.errors import UsageError

FRENCH = Mnemonic("french")
ENTROPY = st.binary(min_size=16, max_size=16)
FINGERPRINT = hashlib.sha256(b"card").hexdigest()
TYPED: list[Callable[[str], str]] = [
    str.upper,
    lambda text: unicodedata.normalize("NFD", text),
    lambda text: "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c)),
    lambda text: f"\t {text.replace(' ', '   ')}\n",
    lambda text: text.replace(" ", "-"),
    lambda text: " ".join(f"{i}. {word}" for i, word in enumerate(text.split(), 1)),
]


@given(ENTROPY)
def test_a_kit_is_bip39(entropy: bytes) -> None:
    words = kit_words(entropy)
    assert len(words) == 12
    assert unicodedata.normalize("NFKD", " ".join(words)) == unicodedata.normalize("NFKD", FRENCH.to_mnemonic(entropy))
    assert kit_entropy(" ".join(words)) == entropy


@pytest.mark.parametrize("change", TYPED)
@given(entropy=ENTROPY)
def test_a_kit_may_be_typed_in_many_ways(change: Callable[[str], str], entropy: bytes) -> None:
    typed = change(" ".join(kit_words(entropy)))
    assert kit_entropy(typed) == entropy
    assert looks_like_kit(typed)


@given(st.binary(min_size=32, max_size=32))
def test_the_words_of_a_fingerprint_are_its_first_88_bits(digest: bytes) -> None:
    words = fingerprint_words(digest.hex())
    assert len(words) == 8
    number = 0
    for word in words:
        number = number * 2048 + FRENCH.wordlist.index(unicodedata.normalize("NFKD", word))
    assert number.to_bytes(11, "big") == digest[:11]
    assert fingerprint_words(digest.hex()[:22] + "0" * 42) == words


@pytest.mark.parametrize("change", TYPED)
def test_the_words_of_a_fingerprint_may_be_typed_in_many_ways(change: Callable[[str], str]) -> None:
    assert same_words(change(" ".join(fingerprint_words(FINGERPRINT))), FINGERPRINT)


@given(st.integers(0, 87))
def test_the_words_of_another_fingerprint_are_not_the_same(bit: int) -> None:
    other = f"{int(FINGERPRINT, 16) ^ (1 << (255 - bit)):064x}"
    assert not same_words(" ".join(fingerprint_words(other)), FINGERPRINT)


def test_some_of_the_words_are_not_the_words() -> None:
    words = fingerprint_words(FINGERPRINT)
    for wrong in ("", " ".join(words[:7]), " ".join([*words, words[0]]), " ".join(reversed(words))):
        assert not same_words(wrong, FINGERPRINT)


def test_words_are_shown_with_composed_accents() -> None:
    words = " ".join(kit_words(bytes([n] * 16))[0] for n in range(256))
    assert any(c in words for c in "éèê")
    assert unicodedata.normalize("NFC", words) == words


def test_no_two_words_have_the_same_letters() -> None:
    assert len(_index()) == 2048
    assert all(word.isascii() and word.isalpha() for word in _index())


KIT = list(kit_words(bytes(range(16))))


def test_an_unknown_word_is_told_by_its_number_and_never_repeated() -> None:
    typed = [*KIT[:6], "monsecret", *KIT[7:]]
    with pytest.raises(UsageError, match="word 7 is not in the list") as caught:
        kit_entropy(" ".join(typed))
    assert "monsecret" not in f"{caught.value.message} {caught.value.hint}"
    assert looks_like_kit(" ".join(typed))


@pytest.mark.parametrize("count", [0, 1, 11, 13])
def test_another_number_of_words_is_refused(count: int) -> None:
    typed = " ".join((KIT * 2)[:count])
    with pytest.raises(UsageError, match=f"12 words, not {count}"):
        kit_entropy(typed)
    assert not looks_like_kit(typed)


def test_words_in_another_order_are_refused() -> None:
    with pytest.raises(UsageError, match="do not go together"):
        kit_entropy(" ".join(reversed(KIT)))


def test_a_passphrase_does_not_look_like_a_kit() -> None:
    assert not looks_like_kit("correct cheval pile agrafe")
    assert not looks_like_kit("une longue phrase de douze mots que personne ne devinera jamais je crois")
    assert looks_like_kit(" ".join([*KIT[:9], "xx", "yy", "zz"]))
    assert not looks_like_kit(" ".join([*KIT[:8], "ww", "xx", "yy", "zz"]))


@pytest.mark.parametrize("size", [0, 15, 17, 32])
def test_a_kit_holds_16_bytes(size: int) -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        kit_words(bytes(size))


def test_the_list_is_not_loaded_before_it_is_needed() -> None:
    code = "import sys, monespace_cli.crypto.words; print('mnemonic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout == "False\n"
