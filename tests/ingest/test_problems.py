"""What decoders raise becomes a code; running out of memory stays what it is."""

import pytest

from monespace_cli.errors import UnreadableInputError
from monespace_cli.ingest.problems import Code, damage, unreadable


@pytest.mark.parametrize("error", [KeyError("x"), OSError(), SyntaxError(), RecursionError(), AssertionError()])
def test_whatever_a_decoder_raises_is_damage(error: Exception) -> None:
    with pytest.raises(UnreadableInputError) as caught, damage():
        raise error
    assert caught.value.code == Code.DAMAGED
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("error", [MemoryError(), KeyboardInterrupt(), unreadable(Code.TOO_MANY_PIXELS)])
def test_what_has_a_meaning_keeps_it(error: BaseException) -> None:
    with pytest.raises(type(error)) as caught, damage():
        raise error
    assert caught.value is error
