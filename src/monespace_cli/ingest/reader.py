"""Reads files in memory: bytes in, an `ExtractedDocument` out. The decoding happens in a child process that holds no key.

A document is read in portions of its pages, so that several executors (`ingest.processes`, a cluster) can share it.

Rules: the child is started by the first file; a page that takes it down costs that page; a file of which no page could be read is
unreadable, with the code of its first failure. What the child answers is outside data: it is checked, and control characters are taken
out of the text. Nothing here touches a disk.
"""

from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Final, Self

from monespace_cli.bounds import limits
from monespace_cli.bounds.process import Answer, Worker
from monespace_cli.errors import UnreadableInputError
from monespace_cli.ingest.boxes import checked_size, from_bytes
from monespace_cli.ingest.candidates import from_json
from monespace_cli.ingest.detect import MediaType
from monespace_cli.ingest.engine import EngineInfo
from monespace_cli.ingest.fields import find_fields
from monespace_cli.ingest.formats.text import plain_text
from monespace_cli.ingest.problems import Code, Notice, unreadable
from monespace_cli.ingest.straighten.step import Step
from monespace_cli.ports import Clock, Executor
from monespace_cli.record.document import Candidate, ExtractedDocument, Page, TextSource

_CHILD: Final = ("-m", "monespace_cli.ingest.worker")

_PNG: Final = b"\x89PNG\r\n\x1a\n"

_CONTROL: Final = dict.fromkeys([*range(0x09), *range(0x0B, 0x20), *range(0x7F, 0xA0)])
"""All control characters but tab and line feed: they have no place in text that reaches a terminal."""

PORTION_PAGES: Final = 4
"""Pages read at one go: few enough to spread a document over processes, enough that opening it again in each costs little."""

_MAX_ANSWER: Final = 2 * limits.MAX_PAGE_ANSWER  # the text, and its words once more with their boxes


@dataclass(frozen=True, slots=True)
class IngestOptions:
    """How files are read."""

    languages: tuple[str, ...] = ("fra",)
    """Of the papers, by tesseract's names. French alone also reads English print; `fra` and `eng` together cost a quarter more time."""
    ocr: bool = True
    """Whether images are read at all."""
    engine: str = ""
    """The one engine to read with, `tesserocr` or `tesseract`; without it, the best that is here."""
    pdf_password: str = field(default="", repr=False)
    """Opens PDF files that are encrypted; the others need none. It is not kept."""
    language_data: Path | None = None
    """The one folder to look for tesseract's language data in (its TESSDATA_PREFIX); None for where systems keep it."""


@dataclass(frozen=True, slots=True)
class PortionRequest:
    """Asks for the pages of a document from `first` on, at most :data:`PORTION_PAGES` of them."""

    data: bytes
    options: IngestOptions
    first: int = 1


@dataclass(frozen=True, slots=True)
class Portion:
    """Some pages of a document, read, and how many the whole document has."""

    media_type: MediaType
    page_count: int
    pages: tuple[Page, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    """What codes printed on the pages say."""
    notices: frozenset[str] = frozenset()
    failures: tuple[str, ...] = ()
    """The codes of those pages that could not be read; they are empty."""
    lost: int = 0
    """How many children the pages took down."""


class Reader:
    """Reads with one child process, one thing after the other; an executor of width 1. `clock` tells which dates are still to come."""

    width: Final = 1

    def __init__(self, clock: Clock, worker: Worker | None = None) -> None:
        """Start `worker`, the decoding child where none is given, at the first file."""
        self._clock = clock
        self._worker = worker or Worker(_CHILD)
        self._open: _OpenDocument | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def close(self) -> None:
        """End the child process."""
        self._open = None
        self._worker.close()

    def stop(self) -> None:
        """End the child process for good, from another thread than the one that reads; :meth:`close` follows when that has noticed."""
        self._worker.stop()

    def read(self, data: bytes, options: IngestOptions) -> ExtractedDocument:
        """Return what a file's bytes say: media type, pages with text and confidence, candidates for its fields, notices.

        Raises:
            UnreadableInputError: the file cannot be taken in; `code` is one of :class:`~monespace_cli.ingest.problems.Code`.
        """
        return Reading(self, data, options).document(self._clock().date())

    def submit(self, request: PortionRequest) -> Future[Portion]:
        """Read some pages, at once; see :class:`~monespace_cli.ports.Executor`."""
        done: Future[Portion] = Future()
        try:
            done.set_result(self.portion(request))
        except UnreadableInputError as problem:
            done.set_exception(problem)
        return done

    def portion(self, request: PortionRequest) -> Portion:
        """Return some pages of a document. It stays open for the next ones.

        Raises:
            UnreadableInputError: the document cannot be opened.
        """
        if self._open is None or not self._open.is_of(request):
            self._open = None
            self._open = _OpenDocument(self._worker, request)
        return self._open.read(request.first)

    def page_count(self, data: bytes) -> int:
        """Return how many pages a file has; nothing of them is read.

        Raises:
            UnreadableInputError: as :meth:`read`.
        """
        if len(data) > limits.MAX_FILE_BYTES:
            raise unreadable(Code.TOO_LARGE)
        self._open = None  # the child holds one document
        count = _ask(self._worker, {"do": "open"}, data).header.get("pages")
        if not isinstance(count, int) or not 1 <= count <= limits.MAX_PAGES:
            self.close()
            raise unreadable(Code.READER_GARBLED)
        return count

    def codes(self, data: bytes) -> tuple[str, ...]:
        """Return what the two-dimensional codes on a file's first page say; nothing else of it is read.

        Raises:
            UnreadableInputError: as :meth:`read`.
        """
        if len(data) > limits.MAX_FILE_BYTES:
            raise unreadable(Code.TOO_LARGE)
        self._open = None  # the child holds one document
        _ask(self._worker, {"do": "open"}, data)
        answer = _ask(self._worker, {"do": "codes", "number": 1}, timeout=limits.PAGE_SECONDS)
        try:
            found = from_json(answer.header["candidates"], 1)
        except (KeyError, TypeError, ValueError):
            self.close()
            raise unreadable(Code.READER_GARBLED) from None
        return tuple(candidate.value for candidate in found if candidate.field == "code")

    def preview(self, data: bytes, number: int, options: IngestOptions) -> bytes:
        """Return a page of a file as a PNG: 1,600 pixels on the longer side at most. Text has none.

        Raises:
            UnreadableInputError: it cannot be opened, or the page has no picture that can be decoded.
        """
        _ask(self._worker, {"do": "open", "password": options.pdf_password}, data, timeout=limits.OPEN_SECONDS)
        self._open = None  # what the child holds now is another document
        answer = _ask(self._worker, {"do": "preview", "number": number}, timeout=limits.PAGE_SECONDS, most=limits.MAX_PREVIEW)
        if not answer.payload.startswith(_PNG):
            self._worker.close()  # it cannot be trusted any more
            raise unreadable(Code.READER_GARBLED)
        return answer.payload

    def can_read(self, options: IngestOptions) -> bool:
        """Return whether an engine is here, with data for each language.

        Raises:
            UnreadableInputError: the child process does not work here.
        """
        info = self.probe(options)
        return info is not None and set(options.languages) <= set(info.languages)

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


class Reading:
    """A document on its way through an executor: its first pages, and once these tell how many there are, the others in portions.

    What comes of it does not depend on how many portions are read at once.
    """

    def __init__(self, executor: Executor[PortionRequest, Portion], data: bytes, options: IngestOptions) -> None:
        """Have the first pages of a file's bytes read."""
        self._executor = executor
        self._request = PortionRequest(data, options)
        self._portions: list[Future[Portion]] = []
        self._refusal: UnreadableInputError | None = None
        if len(data) > limits.MAX_FILE_BYTES:
            self._refusal = unreadable(Code.TOO_LARGE)
        else:
            self._portions.append(executor.submit(self._request))

    @property
    def underway(self) -> list[Future[Portion]]:
        """The portions that are still being read; something can be done about the others."""
        return [portion for portion in self._portions if not portion.done()]

    @property
    def pages_read(self) -> tuple[int, int]:
        """How many pages were read, of how many; of none until that is known."""
        read = [portion.result() for portion in self._portions if _succeeded(portion)]
        return sum(len(portion.pages) for portion in read), max((portion.page_count for portion in read), default=0)

    def go_on(self) -> bool:
        """Ask for what remains to be read, as soon as that is known; return whether all was read."""
        if len(self._portions) == 1 and self._portions[0].done() and not self._portions[0].exception():
            count = self._portions[0].result().page_count
            for first in range(1 + PORTION_PAGES, count + 1, PORTION_PAGES):
                if not self._is_given_up():
                    self._portions.append(self._executor.submit(replace(self._request, first=first)))
        if self.underway and self._is_given_up():
            for portion in self._portions:
                portion.cancel()
        return not self.underway

    def document(self, today: date) -> ExtractedDocument:
        """Wait for every page and return what they say; dates after `today` are no candidates.

        Raises:
            UnreadableInputError: it cannot be opened, none of its pages can be read, or it took down the child too often.
        """
        if self._refusal:
            raise self._refusal
        while not self.go_on():
            wait(self.underway, return_when=FIRST_COMPLETED)
        read = [portion.result() for portion in self._portions if not portion.cancelled()]
        failures = [code for portion in read for code in portion.failures]
        pages = tuple(page for portion in read for page in portion.pages)
        if failures and (self._is_given_up() or len(failures) == len(pages)):
            raise unreadable(failures[0])
        return ExtractedDocument(
            media_type=read[0].media_type,
            pages=pages,
            candidates=(*find_fields(pages, today), *(each for portion in read for each in portion.candidates)),
            notices=tuple(sorted({notice for portion in read for notice in portion.notices})),
        )

    def _is_given_up(self) -> bool:
        return sum(portion.result().lost for portion in self._portions if _succeeded(portion)) > limits.MAX_RESTARTS


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


class _OpenDocument:
    """One document open in the child, and opened again whenever the child is a new one."""

    def __init__(self, worker: Worker, request: PortionRequest) -> None:
        self._worker = worker
        self._data = request.data
        self._asked = request.options
        self._options = _request_options(request.options)
        self.media_type, self.page_count = self._open()

    def is_of(self, request: PortionRequest) -> bool:
        """Whether a request is about this document."""
        return self._data is request.data and self._asked == request.options

    def read(self, first: int) -> Portion:
        """Return the portion of pages from `first` on, fewer where they take down the child too often."""
        portion = Portion(self.media_type, self.page_count)
        child = self._worker.ensure()
        for number in range(first, min(first + PORTION_PAGES, self.page_count + 1)):
            portion = self._with_page(portion, number)
            portion = replace(portion, lost=self._worker.ensure() - child)
            if portion.lost > limits.MAX_RESTARTS:
                break
        return portion

    def _with_page(self, portion: Portion, number: int) -> Portion:
        """Return a portion with one page more; one that cannot be read is empty, noticed, and its failure kept."""
        try:
            if self._worker.ensure() != self._opened_in:
                self._open()
            answer = _ask(self._worker, {"do": "page", "number": number, **self._options}, timeout=limits.PAGE_SECONDS)
            return self._understood(portion, number, answer)
        except UnreadableInputError as error:
            return replace(
                portion,
                pages=(*portion.pages, Page(number, "", 0.0, TextSource.NONE)),
                notices=portion.notices | {Notice.PAGE_UNREADABLE},
                failures=(*portion.failures, error.code),
            )

    def _open(self) -> tuple[MediaType, int]:
        self._opened_in = self._worker.ensure()
        header = _ask(self._worker, {"do": "open", "password": self._asked.pdf_password}, self._data, timeout=limits.OPEN_SECONDS).header
        try:
            count = int(header["pages"])
            if not 1 <= count <= limits.MAX_PAGES:
                raise ValueError
            return MediaType(header["media_type"]), count
        except (KeyError, TypeError, ValueError):
            raise self._garbled() from None

    def _understood(self, portion: Portion, number: int, answer: Answer) -> Portion:
        try:
            size = int(answer.header["text_size"])
            text = answer.payload[:size].decode("utf-8").translate(_CONTROL)
            confidence = float(answer.header["confidence"])
            if not 0.0 <= confidence <= 1.0:
                raise ValueError
            steps = tuple(Step(step) for step in answer.header["steps"])
            source = TextSource(answer.header["source"])
            words, picture = from_bytes(answer.payload[size:], text), checked_size(answer.header["size"])
            page = Page(number, text, confidence, source, steps, words, picture)
            notices = frozenset(Notice(notice) for notice in answer.header["notices"])
            candidates = tuple(from_json(answer.header["candidates"], number))
        except (KeyError, TypeError, ValueError):
            raise self._garbled() from None
        return replace(
            portion,
            pages=(*portion.pages, page),
            notices=portion.notices | notices,
            candidates=(*portion.candidates, *candidates),
        )

    def _garbled(self) -> UnreadableInputError:
        """End the child, which cannot be trusted any more, and return the error."""
        self._worker.close()
        return unreadable(Code.READER_GARBLED)


def _succeeded(portion: Future[Portion]) -> bool:
    return portion.done() and not portion.cancelled() and portion.exception() is None


def _request_options(options: IngestOptions) -> dict[str, Any]:
    folder = options.language_data
    return {
        "languages": list(options.languages),
        "ocr": options.ocr,
        "language_data": str(folder.resolve()) if folder else None,
        "engine": options.engine,
    }


def _ask(
    worker: Worker, header: dict[str, Any], payload: bytes = b"", *, timeout: float = limits.OPEN_SECONDS, most: int = _MAX_ANSWER
) -> Answer:
    try:
        return worker.ask(header, payload, timeout=timeout, max_answer=most)
    except UnreadableInputError as error:
        raise unreadable(error.code) from None
