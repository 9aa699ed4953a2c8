"""Every number that bounds data from outside, each with its reason.

A limit is checked before the work it bounds, and exceeding it is an error with a code, never a silent cut (text that is cut says so).
"""

from typing import Final

MIB: Final = 1024 * 1024

# Files and folders

MAX_FILE_BYTES: Final = 256 * MIB
"""The largest file taken in. A colour A4 scan is 1–25 MiB, a hundred-page scanned PDF about 100 MiB; a file is held in memory whole."""

MAX_WALK_FILES: Final = 100_000
"""Files found by one walk: a lifetime of paper is some thousands, so more means that somebody pointed at the wrong folder."""

MAX_WALK_DEPTH: Final = 32
"""Folders below the one named; people nest four or five."""

# Archives

MAX_ARCHIVE_FILES: Final = 5_000
"""Files in an archive, those of archives inside it included: a mailing of results has hundreds."""

MAX_ARCHIVE_BYTES: Final = 1024 * MIB
"""Bytes of all files of an archive together: four times the largest file; a 42 KB archive that unpacks to petabytes is an attack."""

MAX_ARCHIVE_DEPTH: Final = 2
"""Archives in archives: an exported mail may hold an archive, and nobody needs a third."""

MAX_ARCHIVE_RATIO: Final = 100
"""How many times larger than its packed bytes a file of over 16 MiB may be: pictures pack to no less than a tenth."""

ARCHIVE_RATIO_FROM: Final = 16 * MIB
"""Up to this size a file may be packed as well as it likes: empty forms and text are."""

MAX_MEMBER_NAME: Final = 1_000
"""Characters of a name in an archive; file systems end at 255 a part."""

# Pages and pixels

MAX_PAGES: Final = 2_000
"""Pages of one PDF or TIFF: a thick hospital record has several hundred; a 100,000-page PDF of 5 MB is an attack."""

MAX_PIXELS: Final = 200_000_000
"""Pixels of one image: the largest phone sensors have 200 million, an A0 plan at 300 dpi 139 million. Checked before decoding."""

MAX_RENDER_PIXELS: Final = 25_000_000
"""Pixels that a PDF page is drawn with: A3 at 300 dpi is 17 million. A page of any stated size is scaled to stay below."""

PREVIEW_SIDE: Final = 1_600
"""Pixels of the longer side of a preview."""

MAX_PREVIEW: Final = 16 * MIB
"""Bytes of a preview: that many pixels in colour, not even packed."""

MAX_TEXT_PER_PAGE: Final = 200_000
"""Characters kept of one page; a dense A4 page of print has 6,000. What is beyond is cut off, with a notice; the original stays whole."""

MAX_CODES_PER_PAGE: Final = 8
"""Two-dimensional codes kept of one page: papers have one or two, a sheet with several medicine boxes a handful."""

MAX_CODE_TEXT: Final = 7_200
"""Characters of all codes kept of one page: the largest QR code holds 7,089 digits. Six bytes each in JSON, they fit a frame's header."""

MAX_CANDIDATES_PER_PAGE: Final = 100
"""Candidates that the child may answer for one page: a code gives at most four."""

# The child process

WORKER_MEMORY: Final = 2048 * MIB
"""Address space of the decoding child: 200 million pixels in four bytes each, twice the largest file, and the libraries."""

WORKER_OPEN_FILES: Final = 64
"""File descriptors of the decoding child: it needs a dozen."""

WORKER_CPU_SECONDS: Final = 180
"""CPU time for one request, after which the kernel ends the child, even if nobody is left to watch it."""

OPEN_SECONDS: Final = 60.0
"""Time to hand over a file and to count its pages: a 256 MiB file on a slow machine takes a few seconds."""

PAGE_SECONDS: Final = 120.0
"""Time to read one page: 0.4 s is usual, 10 s a dense page on a small computer."""

MAX_RESTARTS: Final = 3
"""How often reading one document may take the child down before the document is given up: a hostile page costs two minutes."""

MAX_FRAME_HEADER: Final = 64 * 1024
"""Bytes of JSON that go before each request and answer."""

MAX_PAGE_ANSWER: Final = 4 * MAX_TEXT_PER_PAGE
"""Bytes of text in an answer: UTF-8 takes at most four for a character."""

# Other programs

MAX_PROGRAM_OUTPUT: Final = 16 * MIB
"""Bytes taken from a program's standard output: tesseract's word table of a dense page is below 1 MiB."""

# XML

MAX_JSON_DEPTH: Final = 100
"""Arrays and objects in each other: a FHIR document nests some 15 deep."""

MAX_XML_DEPTH: Final = 100
"""Elements in elements: XDS metadata nests 8 deep, a CDA document with its tables some 30."""
