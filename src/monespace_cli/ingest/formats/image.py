"""JPEG, PNG, TIFF, WebP and HEIC, by Pillow: sizes are checked before anything is decoded, whatever the file says of its dots per inch."""

from io import BytesIO
from typing import Final

from PIL import ExifTags, Image, ImageOps

from monespace_cli.bounds import limits
from monespace_cli.ingest.codes import read_codes
from monespace_cli.ingest.detect import MediaType
from monespace_cli.ingest.payloads import candidates_of
from monespace_cli.ingest.problems import Code, Notice, damage, unreadable
from monespace_cli.record.document import Candidate, TextSource, Word

_PILLOW_FORMATS: Final = {
    MediaType.JPEG: "JPEG",
    MediaType.PNG: "PNG",
    MediaType.TIFF: "TIFF",
    MediaType.WEBP: "WEBP",
    MediaType.HEIC: "HEIF",
}

Image.MAX_IMAGE_PIXELS = None  # limits.MAX_PIXELS is checked here instead: Pillow would only warn up to twice its own limit


class ImageFile:
    """A picture. Only a TIFF has several pages: an animation, a burst or a depth map is not another page."""

    own_text = TextSource.NONE
    notices: tuple[Notice, ...] = ()

    def __init__(self, data: bytes, kind: MediaType) -> None:
        if kind is MediaType.HEIC:
            _register_heic()
        self.media_type = kind
        self._image = Image.open(BytesIO(data), formats=[_PILLOW_FORMATS[kind]])
        self.page_count = getattr(self._image, "n_frames", 1) if kind is MediaType.TIFF else 1
        self._last: tuple[int, Image.Image] | None = None

    def text(self, number: int) -> str:
        """Return nothing: an image carries no text; see :class:`~monespace_cli.ingest.decode.OpenDocument`."""
        return ""

    def words(self, number: int) -> tuple[tuple[Word, ...], tuple[int, int]]:
        """Return nothing: an image carries no text; see :class:`~monespace_cli.ingest.decode.OpenDocument`."""
        return (), (0, 0)

    def image(self, number: int) -> Image.Image:
        """Return a page with its EXIF orientation applied; see :class:`~monespace_cli.ingest.decode.OpenDocument`."""
        if self._last is None or self._last[0] != number:
            self._last = None  # two large pages at once would not fit
            with damage():
                self._last = number, self._decoded(number)
        return self._last[1]

    def is_picture(self, number: int) -> bool:
        """Return True: a picture is one."""
        return True

    def candidates(self, number: int) -> tuple[Candidate, ...]:
        """Return what the two-dimensional codes on a page say; see :class:`~monespace_cli.ingest.decode.OpenDocument`."""
        return candidates_of(read_codes(self.image(number)), number)

    def _decoded(self, number: int) -> Image.Image:
        if self.page_count > 1:
            self._image.seek(number - 1)
        if self._image.width * self._image.height > limits.MAX_PIXELS:
            raise unreadable(Code.TOO_MANY_PIXELS)
        self._image.draft("L", self._image.size)  # a JPEG's colours are not even decoded: half the time
        self._image.load()
        return _upright(self._image)


def _upright(image: Image.Image) -> Image.Image:
    """Return the image turned as its EXIF orientation says; a broken EXIF block says nothing, and the picture is still good."""
    try:
        is_upright = image.getexif().get(ExifTags.Base.Orientation, 1) == 1
        return image if is_upright else ImageOps.exif_transpose(image)  # which copies even what it does not turn
    except Exception:
        return image


def _register_heic() -> None:
    """Teach Pillow HEIC, without the thumbnails and depth images that phones put beside the picture."""
    import pillow_heif

    pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=1)
