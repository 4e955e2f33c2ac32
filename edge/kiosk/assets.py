"""The built pages (Vite's `dist`): hashed files are kept by the browser for ever, pages are asked for each time."""

import re
from pathlib import Path
from typing import Final

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

_HASHED: Final = re.compile(r"^assets/.+-[A-Za-z0-9_-]{8,}\.[a-z0-9.]+$")
_FOR_EVER: Final = "public, max-age=31536000, immutable"
_ASK_AGAIN: Final = "no-cache"
_SAFE: Final = frozenset({"GET", "HEAD"})
_NOT_FOUND: Final = 404
_NOT_ALLOWED: Final = 405
_UNAVAILABLE: Final = 503
KIOSK: Final = "kiosk"
SERVICE: Final = "service"
_ASSETS: Final = "assets"
_API: Final = "api"
_MISSING: Final = """<!doctype html><html lang="vi"><meta charset="utf-8"><title>TCDS</title>
<h1>Màn hình đang được chuẩn bị</h1>
<p>Trạm vẫn hoạt động và nút SOS vẫn dùng được. Người quản trị cài giao diện rồi tải lại trang.</p>
<p lang="en">The station works and so does its SOS button, but the screen's pages are not installed: build them with
<code>make web</code> and let <code>pages</code> in <code>[kiosk]</code> point to them.</p></html>
"""


class Assets(StaticFiles):
    """Serves what the screen and the technician need of `dist`, and nothing else that was built beside it."""

    def __init__(self, dist: Path, *, has_service: bool) -> None:
        super().__init__(directory=dist, html=True, check_dir=False)
        self._dist = dist
        self._pages = {KIOSK, SERVICE} if has_service else {KIOSK}
        self.config_checked = True  # the parent would fail when the build is missing

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer one GET or HEAD."""
        if scope["method"] not in _SAFE:
            raise HTTPException(_NOT_ALLOWED)
        if path in {"", "."}:
            return RedirectResponse(f"/{KIOSK}/", headers={"Cache-Control": _ASK_AGAIN})
        page, *rest = Path(path).parts
        if page not in {*self._pages, _ASSETS} or rest[:1] == [_API]:
            raise HTTPException(_NOT_FOUND)
        if page in self._pages and not (self._dist / page / "index.html").is_file():
            return HTMLResponse(_MISSING, _UNAVAILABLE, {"Cache-Control": "no-store"})
        try:
            response = await super().get_response(path, scope)
        except (OSError, ValueError) as error:  # a path that no file system knows
            raise HTTPException(_NOT_FOUND) from error
        if response.status_code == _NOT_FOUND:
            raise HTTPException(_NOT_FOUND)
        response.headers["Cache-Control"] = _FOR_EVER if _HASHED.match(path) else _ASK_AGAIN
        return response
