"""Small files of the rarer formats, made here: nobody in them exists."""

import zipfile
from collections.abc import Mapping
from io import BytesIO

import pillow_heif
import zxingcpp
from PIL import Image
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import UID, CTImageStorage, ExplicitVRLittleEndian, generate_uid

from tests.ingest.papers import page

RTF = rb"""{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\froman Times;}}{\colortbl;\red0\green0\blue0;}
{\*\generator Writer 1.0;}{\info{\author Nobody}}
{\header Cabinet}\pard\b Ordonnance\b0\par
H\'e9moglobine : 13,5 g/dL \u8211? \u339\'9cd\u232 eme\par
{\field{\*\fldinst HYPERLINK "http://example.org"}{\fldrslt cliquez ici}}\tab 1 \{2\}\page Deuxi\'e8me}"""
"""What a word processor writes: `RTF_PAGES` is what it says."""

RTF_PAGES = ("Ordonnance\nHémoglobine : 13,5 g/dL – œdème\ncliquez ici\t1 {2}", "Deuxième")

CIP13 = "3400930000120"
BOX = f"[01]0{CIP13}[17]280200[10]AB12[21]S0001"
"""A medicine's box in GS1's way of writing: GTIN, expiry at the end of February 2028, lot, serial number."""

INS = "255069900800113"
PERSON = f"IS010000000000000000000000S1{INS}S21.2.250.1.213.1.4.8\x1dS3ANNE MARIE\x1dS4CHEVALIER\x1dS5FS608-06-1955S763220"
"""A person who does not exist: the department 99 of the number is a country, and the country 008 has no such town."""


def heic(image: Image.Image, **options: object) -> bytes:
    """Return an image as a HEIC file; with an EXIF block that turns it, it is stored as phones do."""
    out = BytesIO()
    pillow_heif.from_pillow(image).save(out, quality=90, **options)
    return out.getvalue()


def dicom(syntax: UID = ExplicitVRLittleEndian, /, **attributes: object) -> bytes:
    """Return a CT picture of 8 × 8 pixels in a transfer syntax, with the attributes, by their keywords."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = CTImageStorage
    meta.MediaStorageSOPInstanceUID = generate_uid(entropy_srcs=["sample"])
    meta.TransferSyntaxUID = syntax
    data = FileDataset("", {}, file_meta=meta, preamble=bytes(128))
    data.SpecificCharacterSet = "ISO_IR 192"
    data.Rows = data.Columns = 8
    data.BitsAllocated = data.BitsStored = 8
    data.HighBit = 7
    data.SamplesPerPixel = 1
    data.PhotometricInterpretation = "MONOCHROME2"
    data.PixelRepresentation = 0
    data.PixelData = bytes(64)
    for keyword, value in attributes.items():
        setattr(data, keyword, value)
    data["PixelData"].is_undefined_length = syntax.is_encapsulated
    out = BytesIO()
    data.save_as(out, enforce_file_format=True)
    return out.getvalue()


CT = dicom(
    PatientName="CHEVALIER^Anne",
    StudyDate="20260312",
    Modality="CT",
    BodyPartExamined="CHEST",
    StudyDescription="Scanner thoracique sans injection",
    ReferringPhysicianName="Clermont^Thierry",
)


def zipped(files: Mapping[str, bytes], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip archive of the files, the same bytes each time."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, compression)
    return out.getvalue()


def code(text: str, kind: zxingcpp.BarcodeFormat = zxingcpp.BarcodeFormat.DataMatrix, *, scale: int = 5, gs1: bool = False) -> Image.Image:
    """Return a two-dimensional code as an image, `scale` pixels for each module."""
    made = zxingcpp.create_barcode(text, kind, **({"gs1": True} if gs1 else {}))
    return Image.fromarray(made.to_image(scale=scale))


def page_with(*codes: Image.Image, size: tuple[int, int] = (1240, 1754)) -> Image.Image:
    """Return a page of print with codes at its foot."""
    paper = page(size=size)
    for place, image in enumerate(codes):
        paper.paste(image, (80 + 400 * place, size[1] - image.height - 80))
    return paper


def raw_pdf(content: bytes, resources: bytes, *more: bytes, page: bytes = b"/MediaBox[0 0 595 842]", pages: bytes = b"/Count 1") -> bytes:
    """Return a PDF of one page by the words of its objects: 4 is the content, those from 5 on are what the resources refer to."""
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]" + pages + b">>",
        b"<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources " + resources + page + b">>",
        content,
        *more,
    )
    out, places = b"%PDF-1.7\n", []
    for number, words in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, words)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + end


def stream(data: bytes, words: bytes = b"") -> bytes:
    """Return a PDF stream object; `words` go into its dictionary."""
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (words, len(data), data)
