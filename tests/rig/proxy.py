"""A TCP line that can be cut, frozen and mended between two programs that know nothing of it."""

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum

from tests.rig.processes import RigError

_CHUNK = 65_536
_START_TIMEOUT_S = 5.0


class Line(Enum):
    """What the line does with bytes and with new connections."""

    OPEN = "open"
    FROZEN = "frozen"  # bytes stay in the air: nobody is told, nothing arrives
    CUT = "cut"  # connections are reset, new ones refused


class Proxy:
    """Forwards 127.0.0.1:`port` to 127.0.0.1:`target`; runs in a thread of its own."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._line = Line.OPEN
        self._loop = asyncio.new_event_loop()
        self._moved = asyncio.Event()
        self._writers: set[asyncio.StreamWriter] = set()
        self._stranded: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="proxy", daemon=True)
        self.port = 0

    def start(self) -> None:
        """Listen; returns when `port` is set."""
        self._thread.start()
        if not self._ready.wait(_START_TIMEOUT_S):
            raise RigError("the proxy did not start")

    def stop(self) -> None:
        """Cut everything and end the thread."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_START_TIMEOUT_S)

    def set_line(self, line: Line) -> None:
        """Open, freeze or cut the line, for what is connected and for what comes."""
        done = threading.Event()
        self._loop.call_soon_threadsafe(self._apply, line, done)
        done.wait(_START_TIMEOUT_S)

    def cut(self) -> None:
        """Reset every connection and refuse new ones."""
        self.set_line(Line.CUT)

    def freeze(self) -> None:
        """Let nothing through and tell nobody: a half-open link."""
        self.set_line(Line.FROZEN)

    def mend(self) -> None:
        """Let everything through again."""
        self.set_line(Line.OPEN)

    def strand(self) -> None:
        """Freeze the connections that are open now, for ever; new ones pass: a link that died without a word."""
        done = threading.Event()
        self._loop.call_soon_threadsafe(self._strand, done)
        done.wait(_START_TIMEOUT_S)

    def _strand(self, done: threading.Event) -> None:
        self._stranded |= self._writers
        done.set()

    def _apply(self, line: Line, done: threading.Event) -> None:
        self._line = line
        if line is Line.CUT:
            for writer in list(self._writers):
                writer.transport.abort()
        self._moved.set()
        self._moved = asyncio.Event()
        done.set()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._accept, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        for task in list(self._tasks):
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*self._tasks, return_exceptions=True))
        self._loop.close()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            await self._serve(reader, writer)
        except (OSError, asyncio.CancelledError):
            writer.transport.abort()
        finally:
            self._tasks.discard(task)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._await_open(writer)
        if self._line is Line.CUT:
            writer.transport.abort()
            return
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target)
        self._writers |= {writer, far_writer}
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._pump(reader, far_writer))
                group.create_task(self._pump(far_reader, writer))
        except* OSError:
            pass
        finally:
            self._writers -= {writer, far_writer}
            self._stranded -= {writer, far_writer}
            for end in (writer, far_writer):
                end.transport.abort()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(_CHUNK):
            await self._await_open(writer)
            writer.write(data)
            await writer.drain()
        with contextlib.suppress(OSError):
            writer.write_eof() if writer.can_write_eof() else writer.close()

    async def _await_open(self, writer: asyncio.StreamWriter) -> None:
        while self._line is Line.FROZEN or writer in self._stranded:
            await self._moved.wait()


@contextmanager
def running_proxy(target: int) -> Iterator[Proxy]:
    """Run a proxy before 127.0.0.1:`target` until the context ends."""
    proxy = Proxy(target)
    proxy.start()
    try:
        yield proxy
    finally:
        proxy.stop()
