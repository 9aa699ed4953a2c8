"""IHE XDM packages: documents with XDS metadata in one zip, as French health software and MSSanté mail expect them.

Layout: IHE ITI TF-2 §3.32 (ITI-32) and ANS, volet Transmission de documents CDA par courriel MSSanté. The metadata are written in
`ebrim.py`. Documents are streamed: a package of any size costs constant memory.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from monespace_cli.interop.ebrim import DocumentEntry, Submission, metadata_xml
from monespace_cli.interop.media import MEDIA_TYPES
from monespace_cli.interop.stored_zip import Part

INDEX = "INDEX.HTM"
README = "README.TXT"
FOLDER = "IHE_XDM/SUBSET01/"
METADATA = FOLDER + "METADATA.XML"

# ASCII with CR LF line ends: it must read everywhere (IHE ITI TF-2 §3.32.4.1.2 asks for a README of the producing application).
_README = """\
Ce dossier contient des documents de sante, au format IHE XDM (profil Cross-Enterprise Document Media Interchange).

INDEX.HTM                      la liste des documents, a ouvrir avec un navigateur
IHE_XDM/SUBSET01/              les documents (DOC00001...) et leur description (METADATA.XML)

Produit par monespace, a la demande de la personne concernee. Ces documents sont confidentiels.
"""


@dataclass(frozen=True, slots=True)
class PackagedDocument:
    """A document of a package: its metadata, and its bytes under the name they have there."""

    entry: DocumentEntry
    content: Part
    """`content.name` is what :func:`document_path` gives."""


def document_path(number: int, media_type: str) -> str:
    """Return the path in the package of the n-th document, counted from 1: `IHE_XDM/SUBSET01/DOC00001.PDF` (8.3, upper case).

    Raises:
        KeyError: a media type that is not in `MEDIA_TYPES`.
    """
    return f"{FOLDER}DOC{number:05}.{MEDIA_TYPES[media_type].extension_8_3}"


def package_paths(documents: Sequence[str]) -> list[str]:
    """Return the names of a package's files in their order, given the media types of its documents."""
    return [INDEX, README, METADATA, *(document_path(number, media) for number, media in enumerate(documents, start=1))]


def package(submission: Submission, documents: Sequence[PackagedDocument], index: bytes) -> list[Part]:
    """Return the files of `IHE_XDM.ZIP`, to be written by `stored_zip`.

    Args:
        submission: what is said of all documents together.
        documents: in the order in which they are numbered.
        index: the page that a person opens in a browser.
    """
    head = [
        Part.of(INDEX, index),
        Part.of(README, _README.replace("\n", "\r\n").encode("ascii")),
        Part.of(METADATA, metadata_xml(submission, [document.entry for document in documents])),
    ]
    return head + [document.content for document in documents]
