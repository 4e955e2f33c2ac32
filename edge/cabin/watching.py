"""One pair of eyes on the cabin: always the newest view, and the wave as far as it is fresh.

A slow watcher misses views, never the last one: a view replaces the one that was not fetched yet. Of the wave a few
pieces wait, the oldest go first, and none outlives the measurement that it belongs to.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from types import TracebackType
from typing import Final, Self

from edge.cabin.view import Phase, View, WaveView

MAX_PIECES: Final = 16
"""At 60 samples a second, told every tenth: a second and a half of wave."""


class Watching:
    """`with cabin.watch() as watching: async for item in watching`; the first item is the present view."""

    def __init__(
        self, view: View, enter: Callable[["Watching"], None], leave: Callable[["Watching"], None]
    ) -> None:
        self._view: View | None = view
        self._pieces: deque[WaveView] = deque(maxlen=MAX_PIECES)
        self._news = asyncio.Event()
        self._news.set()
        self._enter = enter
        self._leave = leave
        self._is_over = False

    def __enter__(self) -> Self:
        self._enter(self)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._leave(self)
        self._is_over = True
        self._view = None
        self._pieces.clear()
        self._news.set()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> View | WaveView:
        await self._news.wait()
        if self._is_over:
            raise StopAsyncIteration
        item = self._fetched()
        if self._view is None and not self._pieces:
            self._news.clear()
        return item

    def show(self, view: View) -> None:
        """Replace the view that was not fetched yet."""
        self._view = view
        if view.step is None or view.step.phase is not Phase.MEASURING:
            self._pieces.clear()
        self._news.set()

    def draw(self, piece: WaveView) -> None:
        """Add a piece of the wave."""
        self._pieces.append(piece)
        self._news.set()

    def _fetched(self) -> View | WaveView:
        if self._view is None:
            return self._pieces.popleft()
        view, self._view = self._view, None
        return view
