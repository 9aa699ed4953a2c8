"""DICOM: what the header of an imaging file says, as lines of text and as candidates. The picture itself is kept and not read.

Source: DICOM PS3.3 (modules and attributes), PS3.5 §6.2 (value representations), PS3.10 §7 (file format).
"""

import datetime
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

import pydicom
from pydicom.multival import MultiValue
from pydicom.valuerep import PersonName

from monespace_cli.bounds import limits
from monespace_cli.ingest.detect import MediaType
from monespace_cli.ingest.problems import Code, Notice, damage, unreadable
from monespace_cli.record.codes import Kind
from monespace_cli.record.document import Candidate, TextSource, Word

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL import Image

_CONFIDENCE: Final = 0.95
"""What a machine wrote from its worklist is right unless somebody chose the wrong patient there."""

_LINES: Final = {
    "StudyDescription": "Examen",
    "SeriesDescription": "Série",
    "Modality": "Modalité",
    "BodyPartExamined": "Région examinée",
    "StudyDate": "Date de l'examen",
    "PatientName": "Patient",
    "PatientBirthDate": "Né(e) le",
    "ReferringPhysicianName": "Médecin demandeur",
    "PerformingPhysicianName": "Réalisé par",
    "NameOfPhysiciansReadingStudy": "Interprété par",
    "InstitutionName": "Établissement",
    "ProtocolName": "Protocole",
    "AccessionNumber": "Numéro d'examen",
}
"""Attributes by their DICOM keyword, with the French words under which people will look for them."""

_MODALITIES: Final = {
    "CR": "radiographie", "DX": "radiographie", "CT": "scanner", "MR": "IRM", "US": "échographie", "MG": "mammographie",
    "NM": "scintigraphie", "PT": "TEP", "XA": "angiographie", "ECG": "électrocardiogramme", "ES": "endoscopie", "OP": "fond d'œil",
    "OPT": "OCT", "BMD": "ostéodensitométrie", "IO": "radiographie dentaire", "PX": "panoramique dentaire", "RF": "radioscopie",
}  # fmt: skip
"""Everyday words for the modalities of DICOM PS3.3 §C.7.3.1.1.1; others are kept as their code."""

_VALUE_LENGTH: Final = 200


class DicomFile:
    """A DICOM file: one page of text."""

    media_type = MediaType.DICOM
    own_text = TextSource.PLAIN
    page_count = 1

    def __init__(self, data: bytes) -> None:
        self._data = data
        wanted = ["SpecificCharacterSet", "BitsStored", *_LINES]
        self._header = pydicom.dcmread(BytesIO(data), stop_before_pixels=True, specific_tags=wanted)
        self.notices: tuple[Notice, ...] = () if _is_decodable(self._header) else (Notice.NOT_SHOWN,)

    def text(self, number: int) -> str:
        """Return the header in lines; see :class:`~monespace_cli.ingest.decode.OpenDocument`."""
        values = {keyword: self._value(keyword) for keyword in _LINES}
        return "\n".join(f"{label} : {_shown(keyword, values[keyword])}" for keyword, label in _LINES.items() if values[keyword])

    def words(self, number: int) -> tuple[tuple[Word, ...], tuple[int, int]]:
        """Return nothing: a header has no places; see :class:`~monespace_cli.ingest.decode.OpenDocument`."""
        return (), (0, 0)

    def image(self, number: int) -> "Image.Image":
        """Return the picture, the middle one of a series, as grey as the header's window says. It is looked at and not read.

        Source: DICOM PS3.3 §C.11.1 (modality LUT), §C.11.2 (VOI LUT), §C.7.6.3.1.2 (photometric interpretation).

        Raises:
            UnreadableInputError: `no-picture`: there is none, or it is coded in a way that is not decoded here; `too-many-pixels`;
                `damaged-file`.
        """
        with damage():
            return _picture(pydicom.dcmread(BytesIO(self._data)))

    def is_picture(self, number: int) -> bool:
        """Return False: what counts of it is its header."""
        return False

    def candidates(self, number: int) -> tuple[Candidate, ...]:
        """Return kind, date, patient and title, where the header has them; see :class:`~monespace_cli.ingest.decode.OpenDocument`."""
        return tuple(Candidate(name, value, _CONFIDENCE, number) for name, value in self._fields())

    def _fields(self) -> Iterator[tuple[str, str]]:
        yield "kind", Kind.IMAGING
        day = _day(self._value("StudyDate"))
        if day:
            yield "date", day.isoformat()
        for name, keyword in (("patient", "PatientName"), ("title", "StudyDescription")):
            value = self._value(keyword)
            if value:
                yield name, value

    def _value(self, keyword: str) -> str:
        """Return an attribute as one line; empty where it is missing or cannot be understood."""
        try:
            return _one_line(self._header.get(keyword))
        except Exception:  # pydicom converts a value when it is asked for, and raises what it likes
            return ""


def _is_decodable(header: pydicom.Dataset) -> bool:
    """Whether the pixels of a file could be decoded here: PS3.5 §A.1–A.4 without compression, RLE, JPEG of 8 bits, JPEG 2000."""
    from pydicom.pixels.decoders.base import get_decoder
    from pydicom.uid import JPEGExtended12Bit

    syntax = header.file_meta.get("TransferSyntaxUID")
    if syntax == JPEGExtended12Bit and header.get("BitsStored") != 8:  # Pillow knows the process, but not its other depth
        return False
    try:
        return get_decoder(syntax).is_available
    except NotImplementedError:  # video, private ways
        return False


def _picture(data: pydicom.Dataset) -> "Image.Image":
    from PIL import Image
    from pydicom.pixels.processing import apply_color_lut
    from pydicom.pixels.utils import pixel_array

    if "PixelData" not in data or not _is_decodable(data):
        raise unreadable(Code.NO_PICTURE)
    frames = int(data.get("NumberOfFrames") or 1)
    if int(data.Rows) * int(data.Columns) > limits.MAX_PIXELS:
        raise unreadable(Code.TOO_MANY_PIXELS)
    pixels = pixel_array(data, index=frames // 2)  # one frame is decoded, whatever the number says; YBR is RGB after this
    if data.PhotometricInterpretation == "PALETTE COLOR":
        pixels = apply_color_lut(pixels, data)
    if pixels.ndim > 2:
        return Image.fromarray((pixels >> (8 * pixels.itemsize - 8)).astype("uint8"))
    shown = _windowed(pixels, data)
    lowest, highest = float(shown.min()), float(shown.max())
    grey = ((shown - lowest) * (255 / max(highest - lowest, 1e-6))).round().astype("uint8")
    return Image.fromarray(255 - grey if data.PhotometricInterpretation == "MONOCHROME1" else grey)


def _windowed(pixels: "NDArray[Any]", data: pydicom.Dataset) -> "NDArray[np.float32]":
    """Return pixels as the header says that they are looked at; a window that makes no sense says nothing."""
    from pydicom.pixels.processing import apply_modality_lut, apply_voi_lut

    values = apply_modality_lut(pixels, data)
    try:
        return apply_voi_lut(values, data).astype("float32")
    except Exception:  # pydicom raises what it likes of a width of 0, or of words
        return values.astype("float32")


def _one_line(value: Any) -> str:
    several = value if isinstance(value, MultiValue) else [value]
    words = (_name(each) if isinstance(each, PersonName) else str(each) for each in several if each is not None)
    return ", ".join(" ".join(word.split()) for word in words)[:_VALUE_LENGTH]


def _name(name: PersonName) -> str:
    """Return a name as people write it, without the copies in other scripts: PS3.5 §6.2.1, family^given^middle^prefix^suffix."""
    return " ".join((name.name_prefix, name.given_name, name.middle_name, name.family_name, name.name_suffix))


def _shown(keyword: str, value: str) -> str:
    day = _day(value) if keyword.endswith("Date") else None
    if day:
        return f"{day:%d/%m/%Y}"
    return f"{value} ({_MODALITIES[value]})" if keyword == "Modality" and value in _MODALITIES else value


def _day(value: str) -> datetime.date | None:
    try:
        return datetime.datetime.strptime(value, "%Y%m%d").date()  # noqa: DTZ007 - a day, which has no time zone
    except ValueError:
        return None
