"""The voice: a configured program reads a text on stdin and writes a WAV file to stdout.

A text with a digit may be somebody's value: it is spoken and not kept. The fixed sentences of the screen are, in a
bounded cache. At most two programs run at once, and only a few texts wait for them.
"""

import asyncio
import struct
from collections import OrderedDict
from typing import Final

from edge.drivers.program import ProgramError, run_program
from edge.errors import EdgeError
from edge.kiosk.words import Language
from edge.settings import SpeechSettings

MAX_TEXT: Final = 400
LIMIT_S: Final = 5.0
MAX_WAV_BYTES: Final = 4 << 20
"""A minute and a half at 22050 Hz; 400 characters take half of that."""
MAX_CACHED_BYTES: Final = 2 << 20
MAX_CACHED_PIECE_BYTES: Final = 256 << 10
"""Six seconds: a sentence that is heard again and again."""
MAX_PROGRAMS: Final = 2
MAX_WAITING: Final = 6

_RIFF_BYTES: Final = 8
_HEADER_BYTES: Final = 44
_DATA_AT: Final = 36


class VoiceError(EdgeError):
    """There is no voice, or not now; the text says why, never what was to be spoken."""


class Voice:
    """Speaks with the site's program."""

    def __init__(self, settings: SpeechSettings) -> None:
        self._command = settings.command
        self._programs = asyncio.Semaphore(MAX_PROGRAMS)
        self._waiting = 0
        self._cache: OrderedDict[tuple[Language, str], bytes] = OrderedDict()
        self._cached_bytes = 0

    async def speak(self, text: str, language: Language) -> bytes:
        """Return `text` (at most MAX_TEXT characters) as a WAV file; VoiceError."""
        key = (language, text)
        if key in self._cache:
            self._cache.move_to_end(key)
            return self._cache[key]
        if self._waiting >= MAX_WAITING:
            raise VoiceError("too many texts wait for the voice")
        self._waiting += 1
        try:
            async with self._programs:
                wav = await self._run(text, language)
        finally:
            self._waiting -= 1
        self._keep(key, wav)
        return wav

    async def _run(self, text: str, language: Language) -> bytes:
        command = [argument.replace("{language}", language) for argument in self._command]
        try:
            said = await run_program(command, text.encode(), limit_s=LIMIT_S, max_bytes=MAX_WAV_BYTES)
        except ProgramError as error:
            raise VoiceError(str(error)) from error
        if said[:4] != b"RIFF" or said[8:12] != b"WAVE":
            raise VoiceError(f"{command[0]}: wrote no WAV file")
        return _sized(said)

    def _keep(self, key: tuple[Language, str], wav: bytes) -> None:
        """Keep it when it is nobody's, in place of what was not heard for longest."""
        if len(wav) > MAX_CACHED_PIECE_BYTES or key in self._cache or any(map(str.isdigit, key[1])):
            return
        self._cache[key] = wav
        self._cached_bytes += len(wav)
        while self._cached_bytes > MAX_CACHED_BYTES:
            self._cached_bytes -= len(self._cache.popitem(last=False)[1])


def _sized(wav: bytes) -> bytes:
    """Write the true sizes into the header: a program that writes to a pipe cannot go back and do it."""
    if len(wav) < _HEADER_BYTES or wav[_DATA_AT : _DATA_AT + 4] != b"data":
        return wav
    sized = bytearray(wav)
    struct.pack_into("<I", sized, 4, len(wav) - _RIFF_BYTES)
    struct.pack_into("<I", sized, _DATA_AT + 4, len(wav) - _HEADER_BYTES)
    return bytes(sized)
