"""Reads files in memory: bytes in, an `ExtractedDocument` out. The decoding happens in a child process that holds no key.

Rules: the child is started by the first file; a page that takes it down costs that page; a file of which no page could be read is
unreadable, with the code of its first failure. What the child answers is outside data: it is checked, and control characters are taken
out of the text. Nothing here touches a disk.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from monespace_cli.bounds import limits
from monespace_cli.bounds.process import Answer, Worker
from monespace_cli.errors import UnreadableInputError
from monespace_cli.ingest.boxes import from_bytes
from monespace_cli.ingest.candidates import from_json
from monespace_cli.ingest.detect import MediaType
from monespace_cli.ingest.engine import EngineInfo
from monespace_cli.ingest.fields import find_fields
from monespace_cli.ingest.formats.text import plain_text
from monespace_cli.ingest.problems import Code, Notice, unreadable
from monespace_cli.ingest.straighten.step import Step
from monespace_cli.ports import Clock
from monespace_cli.record.document import Candidate, ExtractedDocument, Page, TextSource

_CHILD: Final = ("-m", "monespace_cli.ingest.worker")

_CONTROL: Final = dict.fromkeys([*range(0x09), *range(0x0B, 0x20), *range(0x7F, 0xA0)])
"""All control characters but tab and line feed: they have no place in text that reaches a terminal."""

_MAX_ANSWER: Final = 2 * limits.MAX_PAGE_ANSWER  # the text, and its words once more with their boxes


@dataclass(frozen=True, slots=True)
class IngestOptions:
    """How files are read."""

    languages: tuple[str, ...] = ("fra",)
    """Of the papers, by tesseract's names. French alone also reads English print; `fra` and `eng` together cost a quarter more time."""
    ocr: bool = True
    """Whether images are read at all."""
    language_data: Path | None = None
    """The one folder to look for tesseract's language data in (its TESSDATA_PREFIX); None for where systems keep it."""
    boxes: bool = False
    """Whether recognised pages keep their words with the boxes these stand in."""


class Reader:
    """Reads one file after the other with a child process that it ends when it is closed. `clock` tells which dates are still to come."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._worker = Worker(_CHILD)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def close(self) -> None:
        """End the child process."""
        self._worker.close()

    def read(self, data: bytes, options: IngestOptions) -> ExtractedDocument:
        """Return what a file's bytes say: media type, pages with text and confidence, candidates for its fields, notices.

        Raises:
            UnreadableInputError: the file cannot be taken in; `code` is one of :class:`~monespace_cli.ingest.problems.Code`.
        """
        if len(data) > limits.MAX_FILE_BYTES:
            raise unreadable(Code.TOO_LARGE)
        reading = _Reading(self._worker, data, options)
        pages = tuple(reading.page(number) for number in range(1, reading.page_count + 1))
        if reading.failures and len(reading.failures) == len(pages):
            raise reading.failures[0]
        return ExtractedDocument(
            media_type=reading.media_type,
            pages=pages,
            candidates=(*find_fields(pages, self._clock().date()), *reading.candidates),
            notices=tuple(sorted(reading.notices)),
        )

    def probe(self, options: IngestOptions) -> EngineInfo | None:
        """Return which engine would read with these options, or None if none can: the program, library or language data is missing.

        Raises:
            UnreadableInputError: the child process does not work here.
        """
        header = _ask(self._worker, {"do": "probe", **_request_options(options)}).header
        if not header:
            return None
        languages = tuple(str(language) for language in header["languages"])
        return EngineInfo(str(header["name"]), str(header["version"]), languages, str(header["language_data"]))


def read_text(data: bytes) -> ExtractedDocument:
    """Return the pages of plain text without a child process: decoding it is Python's own and bounded. No candidates are looked for.

    Raises:
        UnreadableInputError: it is no text, or too large.
    """
    if len(data) > limits.MAX_FILE_BYTES:
        raise unreadable(Code.TOO_LARGE)
    texts = plain_text(data)
    if texts.page_count > limits.MAX_PAGES:
        raise unreadable(Code.TOO_MANY_PAGES)
    found = (texts.text(number)[: limits.MAX_TEXT_PER_PAGE].translate(_CONTROL) for number in range(1, texts.page_count + 1))
    return ExtractedDocument(MediaType.TEXT, tuple(Page(number, text, 1.0, TextSource.PLAIN) for number, text in enumerate(found, 1)))


class _Reading:
    """One document on its way through the child, opened again whenever the child is a new one."""

    def __init__(self, worker: Worker, data: bytes, options: IngestOptions) -> None:
        self._worker = worker
        self._data = data
        self._options = _request_options(options)
        self.failures: list[UnreadableInputError] = []
        self.notices: set[str] = set()
        self.candidates: list[Candidate] = []
        self.media_type, self.page_count = self._open()
        self._first_child = self._opened_in

    def page(self, number: int) -> Page:
        """Return a page; one that cannot be read is empty, noticed, and its failure kept.

        Raises:
            UnreadableInputError: this document took down the child too often.
        """
        try:
            if self._worker.ensure() != self._opened_in:
                self._open()
            answer = _ask(self._worker, {"do": "page", "number": number, **self._options}, timeout=limits.PAGE_SECONDS)
            return self._understood(number, answer)
        except UnreadableInputError as error:
            if self._worker.ensure() - self._first_child > limits.MAX_RESTARTS:
                raise
            self.failures.append(error)
            self.notices.add(Notice.PAGE_UNREADABLE)
            return Page(number, "", 0.0, TextSource.NONE)

    def _open(self) -> tuple[MediaType, int]:
        self._opened_in = self._worker.ensure()
        header = _ask(self._worker, {"do": "open"}, self._data, timeout=limits.OPEN_SECONDS).header
        try:
            count = int(header["pages"])
            if not 1 <= count <= limits.MAX_PAGES:
                raise ValueError
            return MediaType(header["media_type"]), count
        except (KeyError, TypeError, ValueError):
            raise self._garbled() from None

    def _understood(self, number: int, answer: Answer) -> Page:
        try:
            size = int(answer.header["text_size"])
            text = answer.payload[:size].decode("utf-8").translate(_CONTROL)
            confidence = float(answer.header["confidence"])
            if not 0.0 <= confidence <= 1.0:
                raise ValueError
            steps = tuple(Step(step) for step in answer.header["steps"])
            source = TextSource(answer.header["source"])
            page = Page(number, text, confidence, source, steps, from_bytes(answer.payload[size:]))
            self.notices.update(Notice(notice) for notice in answer.header["notices"])
            self.candidates += from_json(answer.header["candidates"], number)
        except (KeyError, TypeError, ValueError):
            raise self._garbled() from None
        return page

    def _garbled(self) -> UnreadableInputError:
        """End the child, which cannot be trusted any more, and return the error."""
        self._worker.close()
        return unreadable(Code.READER_GARBLED)


def _request_options(options: IngestOptions) -> dict[str, Any]:
    folder = options.language_data
    return {
        "languages": list(options.languages),
        "ocr": options.ocr,
        "language_data": str(folder.resolve()) if folder else None,
        "boxes": options.boxes,
    }


def _ask(worker: Worker, header: dict[str, Any], payload: bytes = b"", *, timeout: float = limits.OPEN_SECONDS) -> Answer:
    try:
        return worker.ask(header, payload, timeout=timeout, max_answer=_MAX_ANSWER)
    except UnreadableInputError as error:
        raise unreadable(error.code) from None
