"""An invented lease on a dark desk, as the kiosk's camera sees it: a moving picture for Chromium's camera of files."""

from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFilter, ImageFont

WIDTH, HEIGHT = 1280, 720
_DESK: Final = (52, 44, 38)
_SHEET: Final = (236, 234, 226)
_CORNERS: Final = ((410, 60), (890, 95), (945, 660), (340, 640))
"""Upper left, upper right, lower right, lower left: the sheet lies a little crooked."""
_LINES: Final = (
    "HỢP ĐỒNG THUÊ CĂN HỘ",
    "Số: 12/2026/HĐT (mẫu bịa đặt)",
    "Bên cho thuê: Trần Thị Bình",
    "Bên thuê: Nguyễn Văn An",
    "Căn hộ A1-0203, số 5 Đường Bịa Đặt",
    "Thời hạn: 12 tháng, từ ngày 01/09/2026",
    "Tiền thuê mỗi tháng: 6 500 000 đồng",
    "Hai bên đã đọc và cùng ký tên.",
)


def camera_arguments(directory: Path, *, blur_px: float = 0.0, light: float = 1.0) -> list[str]:
    """Return what lets a Chromium see the lease through its camera, without asking anybody."""
    film = directory / "lease.mjpeg"
    write_film(film, blur_px=blur_px, light=light)
    return [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ]


def write_film(path: Path, *, blur_px: float = 0.0, light: float = 1.0) -> None:
    """Write a film of two frames, which Chromium repeats; `blur_px`: out of focus, `light` below 1: a dark room."""
    frame = lease_on_desk()
    if blur_px:
        frame = frame.filter(ImageFilter.GaussianBlur(blur_px))
    frame = frame.point(lambda value: round(value * light))
    still = path.with_suffix(".jpg")
    frame.save(still, "JPEG", quality=92)
    path.write_bytes(still.read_bytes() * 2)


def lease_on_desk() -> Image.Image:
    """Return what the camera sees."""
    desk = Image.new("RGB", (WIDTH, HEIGHT), _DESK)
    sheet = _sheet()
    width, height = sheet.size
    ground = ((0, 0), (width, 0), (width, height), (0, height))
    coefficients = _perspective(_CORNERS, ground)
    size, how = (WIDTH, HEIGHT), Image.Transform.PERSPECTIVE
    mask = Image.new("L", sheet.size, 255).transform(size, how, coefficients, Image.Resampling.BICUBIC)
    desk.paste(sheet.transform(size, how, coefficients, Image.Resampling.BICUBIC), mask=mask)
    return desk


def _sheet() -> Image.Image:
    sheet = Image.new("RGB", (840, 1188), _SHEET)
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.truetype("DejaVuSans.ttf", 34)
    for row in range(20):
        text = _LINES[row % len(_LINES)]
        draw.text((60, 60 + row * 54), text, font=font, fill=(28, 30, 36))
    return sheet


def _perspective(seen: tuple[tuple[int, int], ...], flat: tuple[tuple[int, int], ...]) -> tuple[float, ...]:
    """Return the eight coefficients that take a place in the picture to its place on the sheet."""
    rows: list[list[float]] = []
    for (x, y), (u, v) in zip(seen, flat, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
    return tuple(_solved(rows))


def _solved(rows: list[list[float]]) -> list[float]:
    """Solve linear equations, the last column being what is to come out (Gauss and Jordan, with pivots)."""
    count = len(rows)
    for column in range(count):
        best = max(range(column, count), key=lambda row: abs(rows[row][column]))
        rows[column], rows[best] = rows[best], rows[column]
        pivot = rows[column][column]
        rows[column] = [value / pivot for value in rows[column]]
        for row in range(count):
            if row != column and (factor := rows[row][column]):
                rows[row] = [a - factor * b for a, b in zip(rows[row], rows[column], strict=True)]
    return [row[-1] for row in rows]
