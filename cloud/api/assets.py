"""The built consoles (Vite's `dist`): hashed files are kept by browsers for ever, pages are asked for each time."""

import re
from pathlib import Path
from typing import Final

from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

_HASHED: Final = re.compile(r"^assets/.+-[A-Za-z0-9_-]{8,}\.[a-z0-9.]+$")
_FOR_EVER: Final = "public, max-age=31536000, immutable"
_ASK_AGAIN: Final = "no-cache"
_NOT_FOUND: Final = 404
_PAGES: Final = frozenset({"duty", "desk"})
_MISSING: Final = """<!doctype html><html lang="vi"><meta charset="utf-8"><title>TCDS</title>
<h1>Chưa có giao diện</h1>
<p>Máy chủ đang chạy, nhưng giao diện chưa được dựng. Người quản trị chạy <code>make web</code> rồi tải lại trang.</p>
<p lang="en">The server works, but the consoles are not built: run <code>make web</code>, then reload.</p></html>
"""


class Assets(StaticFiles):
    """Serves `dist`; `/` leads to the duty console, and without a build a page says what to do."""

    def __init__(self, dist: Path) -> None:
        super().__init__(directory=dist, html=True, check_dir=False)
        self._dist = dist
        self.config_checked = True  # the parent would fail when the build is missing

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer one GET or HEAD; other methods are refused by the parent."""
        if path in {"", "."}:
            return RedirectResponse("/duty/", headers={"Cache-Control": _ASK_AGAIN})
        if path.split("/", maxsplit=1)[0] in _PAGES and not self._is_built():
            return HTMLResponse(_MISSING, 503, {"Cache-Control": "no-store"})
        try:
            response = await super().get_response(path, scope)
        except (OSError, ValueError) as error:  # a path that no file system knows
            raise HTTPException(_NOT_FOUND) from error
        if response.status_code == _NOT_FOUND:
            raise HTTPException(_NOT_FOUND)
        response.headers["Cache-Control"] = _FOR_EVER if _HASHED.match(path) else _ASK_AGAIN
        return response

    def _is_built(self) -> bool:
        return (self._dist / "duty" / "index.html").is_file()


def topojson(path: Path) -> FileResponse:
    """Return the map file; browsers keep it for a day."""
    return FileResponse(
        path, media_type="application/json", headers={"Cache-Control": "private, max-age=86400"}
    )
