"""The voice: Debian's espeak-ng for real, and every way in which a site's own program can fail."""

import asyncio
import io
import wave
from pathlib import Path

import pytest

from edge.kiosk import speech
from edge.kiosk.speech import MAX_TEXT, MAX_WAITING, Voice, VoiceError
from edge.kiosk.words import Language
from edge.settings import SpeechSettings
from tests.edge.kiosk.conftest import RunKiosk
from tests.edge.waiting import eventually

VI, EN = Language.VIETNAMESE, Language.ENGLISH
SILENCE = b"RIFF\x24\0\0\0WAVEfmt " + bytes(20) + b"data\0\0\0\0"


def script(directory: Path, body: str) -> SpeechSettings:
    """A program of the site: a shell script."""
    path = directory / "voice"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return SpeechSettings(command=(str(path), "{language}"))


def counting(directory: Path) -> tuple[SpeechSettings, Path]:
    """A program that writes silence, and a line for each time that it ran."""
    (directory / "silence").write_bytes(SILENCE)
    runs = directory / "runs"
    return script(directory, f'cat >/dev/null; echo "$1" >>{runs}; cat {directory}/silence'), runs


async def test_the_station_speaks_vietnamese_and_english(run_kiosk: RunKiosk) -> None:
    lengths = []
    async with run_kiosk() as browser:
        for language, text in (
            ("vi", "Xin mời ngồi yên và thở đều."),
            ("en", "Please sit still and breathe."),
        ):
            answer = await browser.get("/api/speech", params={"language": language, "text": text})
            assert answer.status_code == 200
            assert answer.headers["content-type"] == "audio/wav"
            assert answer.headers["cache-control"] == "no-store"
            with wave.open(io.BytesIO(answer.content)) as spoken:
                lengths.append(spoken.getnframes() / spoken.getframerate())
                assert spoken.getnframes() * 2 == len(answer.content) - 44
    assert all(1.0 < seconds < 6.0 for seconds in lengths)


async def test_a_text_reaches_the_program_on_stdin_only() -> None:
    said = await Voice(SpeechSettings()).speak("-v en --help $(reboot) `x`", VI)
    assert said[:4] == b"RIFF"


async def test_a_longer_text_than_allowed_or_none_is_not_spoken(run_kiosk: RunKiosk) -> None:
    async with run_kiosk() as browser:
        long = await browser.get("/api/speech", params={"language": "vi", "text": "a" * (MAX_TEXT + 1)})
        assert (long.status_code, long.json()) == (413, {"problem": "too-large"})
        for query in (
            {"language": "vi", "text": ""},
            {"language": "fr", "text": "oui"},
            {"language": "vi"},
            {"text": "a"},
        ):
            answer = await browser.get("/api/speech", params=query)
            assert (answer.status_code, answer.json()) == (400, {"problem": "malformed"}), query


async def test_a_station_without_a_voice_says_so(run_kiosk: RunKiosk) -> None:
    async with run_kiosk(speech=SpeechSettings(command=("no-such-voice",))) as browser:
        answer = await browser.get("/api/speech", params={"language": "vi", "text": "xin"})
    assert (answer.status_code, answer.json()) == (503, {"problem": "no-voice"})


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("exit 3", "ended with 3"),
        ("cat", "wrote no WAV file"),
        ("sleep 60", "not done within"),
        ("sleep 60 & wait", "not done within"),
        ("yes", "said more than"),
    ],
)
async def test_a_program_that_fails_is_named_and_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str, reason: str
) -> None:
    monkeypatch.setattr(speech, "LIMIT_S", 0.2)
    monkeypatch.setattr(speech, "MAX_WAV_BYTES", 100_000)
    with pytest.raises(VoiceError, match=reason) as error:
        await Voice(script(tmp_path, body)).speak("bí mật", VI)
    assert "bí mật" not in str(error.value)


async def test_a_fixed_sentence_is_made_once_for_each_language(tmp_path: Path) -> None:
    settings, runs = counting(tmp_path)
    voice = Voice(settings)
    for _ in range(3):
        await voice.speak("Xin chào", VI)
        await voice.speak("Xin chào", EN)
    assert runs.read_text().split() == ["vi", "en"]


async def test_what_may_be_somebodys_value_is_not_kept(tmp_path: Path) -> None:
    settings, runs = counting(tmp_path)
    voice = Voice(settings)
    for _ in range(2):
        await voice.speak("Nhiệt độ 36,7", VI)
    assert runs.read_text().split() == ["vi", "vi"]
    assert not voice._cache


async def test_the_cache_has_a_bound_and_drops_what_was_not_heard_for_longest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, runs = counting(tmp_path)
    monkeypatch.setattr(speech, "MAX_CACHED_BYTES", 2 * len(SILENCE))
    voice = Voice(settings)
    for text in ("một", "hai", "một", "ba", "một", "hai"):
        await voice.speak(text, VI)
    assert len(runs.read_text().split()) == 4
    assert voice._cached_bytes == 2 * len(SILENCE)
    monkeypatch.setattr(speech, "MAX_CACHED_PIECE_BYTES", 10)
    await voice.speak("dài", VI)
    assert (VI, "dài") not in voice._cache


async def test_two_programs_run_at_once_and_only_a_few_wait(tmp_path: Path) -> None:
    go, runs = tmp_path / "go", tmp_path / "runs"
    settings = script(tmp_path, f"echo x >>{runs}; while [ ! -e {go} ]; do sleep 0.02; done; echo no")
    voice = Voice(settings)
    speaking = [asyncio.create_task(voice.speak("a" * number, VI)) for number in range(1, MAX_WAITING + 1)]
    await eventually(lambda: runs.exists() and len(runs.read_text().split()) == 2)
    with pytest.raises(VoiceError, match="too many"):
        await voice.speak("thêm", VI)
    assert len(runs.read_text().split()) == 2
    go.touch()
    ended = await asyncio.gather(*speaking, return_exceptions=True)
    assert all(isinstance(end, VoiceError) for end in ended)
    assert voice._waiting == 0
