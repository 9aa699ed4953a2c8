"""Takes archives apart in memory: a zip's bytes in, its files out, each to be taken in as a document of its own.

Rules: unpacking happens in a child process of its own, started by the first archive; names are for people to read and are never paths;
nothing touches a disk. What the child answers is outside data and is checked.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Self

from monespace_cli.bounds import limits
from monespace_cli.bounds.process import Answer, Worker
from monespace_cli.errors import UnreadableInputError
from monespace_cli.ingest.problems import Code, unreadable
from monespace_cli.ingest.walk import printable

_CHILD: Final = ("-m", "monespace_cli.ingest.unpack")


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive; `name` is made fit for a screen. An archive in the archive gives its own files, named `inner.zip/file`."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class RefusedMember:
    """A file in an archive that cannot be had: a stable code and a sentence about it."""

    name: str
    code: str
    message: str


class Unpacker:
    """Unpacks one archive after the other with a child process that it ends when it is closed."""

    def __init__(self) -> None:
        self._worker = Worker(_CHILD)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def close(self) -> None:
        """End the child process."""
        self._worker.close()

    def members(self, data: bytes) -> Iterator[Member | RefusedMember]:
        """Yield the files of an archive, one in memory at a time.

        Raises:
            UnreadableInputError: the archive cannot be taken apart, or no further; files that were yielded before are good. `code` is one
                of :class:`~monespace_cli.ingest.problems.Code`.
        """
        if len(data) > limits.MAX_FILE_BYTES:
            raise unreadable(Code.TOO_LARGE)
        self._ask("open", data)
        for seen in range(limits.MAX_ARCHIVE_FILES):
            answer = self._ask("next")
            if not answer.header:
                if seen == 0:
                    raise unreadable(Code.EMPTY)
                return
            yield self._understood(answer)

    def _ask(self, what: str, payload: bytes = b"") -> Answer:
        try:
            return self._worker.ask({"do": what}, payload, timeout=limits.OPEN_SECONDS, max_answer=limits.MAX_FILE_BYTES)
        except UnreadableInputError as error:
            raise unreadable(error.code) from None

    def _understood(self, answer: Answer) -> Member | RefusedMember:
        name, refused = answer.header.get("name"), answer.header.get("refused")
        if not isinstance(name, str) or (refused is not None and refused not in set(Code)):
            self._worker.close()  # it cannot be trusted any more
            raise unreadable(Code.READER_GARBLED)
        if refused is None:
            return Member(printable(name), answer.payload)
        error = unreadable(refused)
        return RefusedMember(printable(name), error.code, error.message)
