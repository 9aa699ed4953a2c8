"""Whether JSON from outside may be handed to programs that parse it: an object, and nested no deeper than health formats are.

Nothing is built of it: a file of brackets alone would take fifty times its size. Constant memory, one step for each bracket or string.
"""

import re
from collections.abc import Iterable
from typing import Final

from monespace_cli.bounds import limits

_TOKEN: Final = re.compile(rb'["{}\[\]]')
_IN_STRING: Final = re.compile(rb'["\\]')
_PAIRS: Final = {b"}": b"{", b"]": b"["}


class UnfitJsonError(ValueError):
    """It is no object, its brackets do not pair, or it nests too deep. Callers turn it into an error that people see."""


def check_json(chunks: Iterable[bytes]) -> None:
    """Go through a document in UTF-8: its brackets and strings, not its values.

    Raises:
        UnfitJsonError: it cannot be handed on; its text says why.
    """
    scan = _Scan()
    for chunk in chunks:
        scan.feed(chunk)
    if scan.opened or scan.in_string or not scan.has_object:
        raise UnfitJsonError("not one whole object")


class _Scan:
    """Where a scan stands between two pieces."""

    def __init__(self) -> None:
        self.opened: list[bytes] = []
        self.in_string = False
        self.has_object = False
        self._escaped = False

    def feed(self, chunk: bytes) -> None:
        at = 1 if self._escaped and chunk else 0
        self._escaped = self._escaped and not chunk
        while found := (_IN_STRING if self.in_string else _TOKEN).search(chunk, at):
            at = found.end()
            match found.group():
                case b"\\":
                    self._escaped = at == len(chunk)
                    at += 1
                case b'"':
                    self.in_string = not self.in_string
                case bracket:
                    self._bracket(bracket)

    def _bracket(self, bracket: bytes) -> None:
        if bracket in _PAIRS:
            if not self.opened or self.opened.pop() != _PAIRS[bracket]:
                raise UnfitJsonError("brackets that do not pair")
            return
        if not self.opened and (self.has_object or bracket != b"{"):
            raise UnfitJsonError("not one whole object")
        self.has_object = True
        self.opened.append(bracket)
        if len(self.opened) > limits.MAX_JSON_DEPTH:
            raise UnfitJsonError("nested too deep")
