"""A drawn face, the same octets each time, of the size that photos on cards have."""

import io
import random
from functools import cache
from typing import Final

from PIL import Image, ImageChops, ImageDraw

WIDTH: Final = 300
HEIGHT: Final = 400
PHOTO_OCTETS: Final = 15_000


@cache
def portrait(seed: int = 0) -> bytes:
    """A JPEG of exactly PHOTO_OCTETS; its comment fills up what the picture does not need."""
    picture = _drawn(random.Random(seed))
    best = max((_jpeg(picture, quality) for quality in range(30, 90, 4)), key=_size_that_fits)
    comment = b"A drawing, nobody's photo. ".ljust(PHOTO_OCTETS - len(best) - 4, b".")
    return best[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2) + comment + best[2:]


def _size_that_fits(jpeg: bytes) -> int:
    room_for_comment = 40
    return len(jpeg) if len(jpeg) + room_for_comment <= PHOTO_OCTETS else 0


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=quality)
    return written.getvalue()


def _drawn(chance: random.Random) -> Image.Image:
    picture = Image.new("RGB", (WIDTH, HEIGHT), (205, 222, 235))
    pen = ImageDraw.Draw(picture)
    shade = chance.randrange(25, 60)
    hair = (shade, shade - 8, shade - 14)
    pen.ellipse((70, 50, 230, 270), fill=hair)
    pen.rectangle((125, 250, 175, 320), fill=(222, 184, 150))
    pen.ellipse((30, 300, 270, 520), fill=(240, 240, 240))
    pen.ellipse((85, 80, 215, 280), fill=(236, 200, 168))
    for eye in (120, 180):
        pen.ellipse((eye - 16, 155, eye + 16, 175), fill="white", outline="black")
        pen.ellipse((eye - 7, 158, eye + 7, 172), fill="black")
        pen.line((eye - 20, 140, eye + 20, 136), fill=hair, width=6)
    pen.line((150, 170, 142, 212, 158, 214), fill=(190, 150, 120), width=4)
    pen.arc((118, 205, 182, 250), 20, 160, fill=(170, 60, 60), width=5)
    return ImageChops.add(picture, _grain(chance))


def _grain(chance: random.Random) -> Image.Image:
    """What a camera's noise costs in octets."""
    dots = Image.frombytes("L", (WIDTH // 2, HEIGHT // 2), chance.randbytes(WIDTH * HEIGHT // 4))
    grain = dots.resize((WIDTH, HEIGHT)).point([value // 16 for value in range(256)])
    return Image.merge("RGB", (grain, grain, grain))
