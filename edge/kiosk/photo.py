"""The face of a chip as a browser can show it: cards have JPEG or JPEG 2000, browsers only the first."""

import io
from typing import Final

from PIL import Image, UnidentifiedImageError

from edge.errors import EdgeError
from edge.idcard.card import Photo

JPEG: Final = "image/jpeg"
MAX_SIDE_PIXELS: Final = 2_000
_FORMATS: Final = ("JPEG", "JPEG2000")
_FAILURES: Final = (
    UnidentifiedImageError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
    OSError,
    ValueError,
    SyntaxError,
)
_QUALITY: Final = 90


class PhotoError(EdgeError):
    """It is no picture that can be shown."""


def as_jpeg(photo: Photo) -> bytes:
    """Return the picture as JPEG, drawn anew so that nothing but its pixels goes on; PhotoError. Takes some 10 ms."""
    try:
        with Image.open(io.BytesIO(photo.data), formats=_FORMATS) as picture:
            if max(picture.size) > MAX_SIDE_PIXELS:
                raise PhotoError("the picture is too large")
            pixels = picture.convert("RGB")
            pixels.info.clear()
            out = io.BytesIO()
            pixels.save(out, "JPEG", quality=_QUALITY)
    except _FAILURES as error:
        raise PhotoError(f"no picture ({type(error).__name__})") from None
    return out.getvalue()
