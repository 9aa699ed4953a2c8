"""Whether XML from outside may be looked at: without DTD, and so without entities of its own, and nested no deeper than health formats are.

Only whether: nothing is kept of it. Expat goes through the pieces in constant memory and is told to stop at the first thing that a document
of data never has; external entities are not fetched because there is no way to declare one.
"""

from collections.abc import Iterable
from typing import NoReturn
from xml.parsers import expat

from monespace_cli.bounds import limits


class UnfitXmlError(ValueError):
    """The XML is not well formed, has a DTD, or nests too deep. Callers turn it into an error that people see."""


def check_xml(chunks: Iterable[bytes]) -> None:
    """Go through a document in UTF-8 (or UTF-16 with its mark).

    Raises:
        UnfitXmlError: it cannot be looked at; its text says why.
    """
    depth = 0

    def opened(_name: str, _attributes: object) -> None:
        nonlocal depth
        depth += 1
        if depth > limits.MAX_XML_DEPTH:
            raise UnfitXmlError("nested too deep")

    def closed(_name: str) -> None:
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate("UTF-8")
    parser.StartElementHandler = opened
    parser.EndElementHandler = closed
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except expat.ExpatError:
        raise UnfitXmlError("not well formed") from None


def _refuse_doctype(*_declaration: object) -> NoReturn:
    raise UnfitXmlError("it has a DTD")
