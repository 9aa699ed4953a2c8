"""What the decoding child does: open a file once, then give the text of one page after the other.

Requests, by their `do`: `open` (payload: the file; `password`) answers `media_type` and `pages`; `page` (`number`, and the options) answers
`source`, `confidence`, `notices`, `steps`, `candidates` and the `size` of the picture, with the text as payload, and behind `text_size`
bytes of it the words with their boxes; `codes` (`number`) answers a page's `candidates` alone, and reads nothing; `probe` answers which
engine reads. One document is open at a time.
Everything here runs inside `bounds.child`: confined, and with every failure reduced to a code.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from monespace_cli.bounds import limits
from monespace_cli.bounds.child import serve
from monespace_cli.ingest.boxes import to_bytes
from monespace_cli.ingest.candidates import to_json
from monespace_cli.ingest.decode import OpenDocument, open_document
from monespace_cli.ingest.engine import OcrEngine
from monespace_cli.ingest.prepare import to_grey
from monespace_cli.ingest.problems import Code, Notice, unreadable
from monespace_cli.ingest.reading import read_image
from monespace_cli.ingest.tesseract import find_engine
from monespace_cli.ingest.text_layer import is_real_text, is_short
from monespace_cli.record.document import TextSource, Word


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page's text, where it came from, how sure it is (0–1), what to know about it, what was done to its picture, and its words."""

    text: str
    source: TextSource
    confidence: float
    notices: tuple[Notice, ...] = ()
    steps: tuple[str, ...] = ()
    words: tuple[Word, ...] = ()
    size: tuple[int, int] = (0, 0)
    """Of the picture that the boxes of the words are in."""


class Desk:
    """Holds the one open document and the engine between requests."""

    def __init__(self) -> None:
        self._document: OpenDocument | None = None

    def handle(self, header: Mapping[str, Any], payload: bytes) -> tuple[Mapping[str, object], bytes]:
        """Answer one request.

        Raises:
            UnreadableInputError: with the code that goes back to the parent.
        """
        match header["do"]:
            case "open":
                self._document = open_document(payload, header.get("password", ""))
                return {"media_type": self._document.media_type, "pages": self._document.page_count}, b""
            case "page":
                return self._page(header)
            case "codes":
                return {"candidates": to_json(self._opened().candidates(header["number"]))}, b""
            case "preview":
                return {}, preview(self._opened(), header["number"])
            case "probe":
                engine = _engine_for(header)
                return (asdict(engine.info()) if engine else {}), b""
            case _:
                raise unreadable(Code.READER_FAILED)

    def _page(self, header: Mapping[str, Any]) -> tuple[Mapping[str, object], bytes]:
        document = self._opened()
        read = read_page(document, header["number"], _engine_for(header), ocr=header["ocr"])
        is_cut = len(read.text) > limits.MAX_TEXT_PER_PAGE
        text = read.text[: limits.MAX_TEXT_PER_PAGE].encode("utf-8", errors="replace")
        is_asked = header["ocr"] or document.own_text is TextSource.PLAIN  # the latter costs no image
        answer = {
            "source": read.source,
            "confidence": read.confidence,
            "notices": [
                *read.notices,
                *([Notice.TEXT_CUT] if is_cut else []),
                *document.notices,
            ],
            "steps": read.steps,
            "candidates": to_json(document.candidates(header["number"])) if is_asked else [],
            "text_size": len(text),
            "size": read.size,
        }
        return answer, text + to_bytes(read.words)

    def _opened(self) -> OpenDocument:
        if self._document is None:
            raise unreadable(Code.READER_FAILED)
        return self._document


def read_page(document: OpenDocument, number: int, engine: OcrEngine | None, *, ocr: bool) -> ReadPage:
    """Return what a page says.

    A page's own text is taken as it is where it is real text; else the page is recognised, and if that gives nothing the little text it
    has is better than none. A short text over a picture may be its caption, or a stamp on a scan: it counts unless recognising gives
    more than twice as much.

    Raises:
        UnreadableInputError: the page cannot be decoded, or the engine failed.
    """
    own = document.text(number)
    is_text = document.own_text is TextSource.PLAIN or is_real_text(own)
    if is_text and not (is_short(own) and document.is_picture(number)):
        return _as_it_is(document, number, own)
    if engine is not None and ocr:
        read = read_image(engine, document.image(number))
        if is_text and len(read.page.text) <= 2 * len(own):
            return _as_it_is(document, number, own)
        if read.page.text or not own.strip():
            return ReadPage(read.page.text, TextSource.OCR, read.page.confidence, (), read.steps, read.page.words, read.size)
    notices = () if engine is not None and ocr else (Notice.OCR_MISSING if ocr else Notice.OCR_OFF,)
    if own.strip():
        return _as_it_is(document, number, own, notices)
    return ReadPage("", TextSource.NONE, 0.0, notices)


def preview(document: OpenDocument, number: int) -> bytes:
    """Return a page as a PNG that fits a screen.

    Raises:
        UnreadableInputError: it has no picture, or it cannot be decoded.
    """
    image = document.image(number).copy()
    image = image if image.mode == "RGB" and not image.has_transparency_data else to_grey(image)
    image.thumbnail((limits.PREVIEW_SIDE, limits.PREVIEW_SIDE))
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def _as_it_is(document: OpenDocument, number: int, own: str, notices: tuple[Notice, ...] = ()) -> ReadPage:
    words, size = document.words(number)
    return ReadPage(own, document.own_text, 1.0, notices, words=words, size=size)


def _engine_for(header: Mapping[str, Any]) -> OcrEngine | None:
    return _engine(tuple(header["languages"]), header["language_data"], header["engine"]) if header["ocr"] else None


@lru_cache(maxsize=4)
def _engine(languages: tuple[str, ...], language_data: str | None, name: str) -> OcrEngine | None:
    return find_engine(languages, Path(language_data) if language_data else None, name)


if __name__ == "__main__":
    serve(Desk().handle)
