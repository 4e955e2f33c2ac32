"""Data group 2: the face.

Sources: ICAO Doc 9303-10, 4.7.2 (75, 7F61, 7F60, 5F2E or 7F2E); ISO/IEC 19794-5:2005, 5.4 to 5.8 (the record inside).
"""

from typing import Final

from edge.idcard import der
from edge.idcard.card import Photo
from edge.idcard.errors import UnreadableError
from edge.idcard.groups import File

_FILE: Final = "DG2"
MAX_PHOTO_BYTES: Final = 128 * 1024
_GROUP: Final = 0x7F61
_TEMPLATE: Final = 0x7F60
_HEADER: Final = 0xA1
_RECORDS: Final = frozenset({0x5F2E, 0x7F2E})
_MAGIC: Final = b"FAC\x00010\x00"
_RECORD_HEADER_BYTES: Final = 14
_FACE_HEADER_BYTES: Final = 20
_FEATURE_BYTES: Final = 8
_MAX_FEATURES: Final = 128
_IMAGE_HEADER_BYTES: Final = 12
_MEDIA_TYPES: Final = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "image/jp2"),
    (b"\xff\x4f\xff\x51", "image/j2c"),
)
"""By the first bytes: the header's own word for it is often wrong."""


def parse_dg2(data: bytes) -> Photo:
    """Return the first face; UnreadableError when there is none, or the file is not built so."""
    outer = der.parse(data, _FILE).expect(File.DG2.tag).children()
    group = outer.take(_GROUP).children()
    if group.take().integer() < 1:
        raise UnreadableError(f"{_FILE}: it holds no face")
    template = group.take(_TEMPLATE).children()
    template.take(_HEADER)
    record = template.take()
    if record.tag not in _RECORDS:
        raise UnreadableError(f"{_FILE}: the record of the face is missing")
    image = _image(record.content)
    return Photo(media_type=_media_type(image), data=image)


def _image(record: bytes) -> bytes:
    """Return the image of the first face in a record (ISO/IEC 19794-5, 5.4)."""
    if record[: len(_MAGIC)] != _MAGIC or int.from_bytes(record[8:12]) != len(record):
        raise UnreadableError(f"{_FILE}: no record of ISO/IEC 19794-5, or not as long as it says")
    face = record[_RECORD_HEADER_BYTES:]
    length, features = int.from_bytes(face[:4]), int.from_bytes(face[4:6])
    start = _FACE_HEADER_BYTES + features * _FEATURE_BYTES + _IMAGE_HEADER_BYTES
    if features > _MAX_FEATURES or not start < length <= len(face):
        raise UnreadableError(f"{_FILE}: the lengths in the record of the face disagree")
    if length - start > MAX_PHOTO_BYTES:
        raise UnreadableError(f"{_FILE}: a photo of more than {MAX_PHOTO_BYTES} bytes")
    return face[start:length]


def _media_type(image: bytes) -> str:
    for magic, media_type in _MEDIA_TYPES:
        if image.startswith(magic):
            return media_type
    raise UnreadableError(f"{_FILE}: the photo is neither JPEG nor JPEG 2000")
