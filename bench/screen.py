"""How soon the touch screen can be used, beside a page with nothing on it in the same browser.

    python -m bench.screen [--rounds 5] [--slower 4]

A kiosk serves the built pages to Debian's Chromium, whose processor is slowed down by the DevTools protocol
(`Emulation.setCPUThrottlingRate`) and whose cache is empty in each round. `interactive` is the time from the navigation's start until
the first button can be pressed; the blank page is ready at its first animation frame. Sizes are gzipped scripts, level 6.
"""

import argparse
import asyncio
import gzip
import re
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Browser, async_playwright

from bench.measure import percentile, report
from edge.clock import SystemClock
from edge.kiosk.server import Kiosk
from edge.settings import KioskSettings, SpeechSettings, StationSettings
from tests.browser.officer import ARGUMENTS, CHROMIUM
from tests.fakes.kiosk_desks import ScriptedCabin, ScriptedLink, ScriptedSos
from tests.rig.cloud import ROOT
from tests.rig.processes import accepts, free_port

DIST: Final = ROOT / "dashboards/dist"
GOALS: Final = {"script_bytes": 60_000, "interactive_ms": 1_000}
_READY: Final = """
async () => {
  const isReady = () => location.href === "about:blank" || document.querySelector("main button:enabled");
  while (!isReady()) await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
  return performance.now();
}
"""


def script_bytes() -> int:
    """Return how many bytes of gzipped scripts the first screen cannot begin without."""
    page = (DIST / "kiosk/index.html").read_text("utf-8")
    left = [DIST / name for name in re.findall(r'src="/([^"]+\.js)"', page)]
    found = set(left)
    while left:
        file = left.pop()
        names = re.findall(r'(?:\bfrom|\bimport)\s*"\./([^"]+\.js)"', file.read_text("utf-8"))
        new = {file.parent / name for name in names} - found
        found |= new
        left += new
    return sum(len(gzip.compress(file.read_bytes(), 6)) for file in found)


async def ready_ms(browser: Browser, url: str, slower: float) -> float:
    """Open a page in an empty profile; return when it could be used, in milliseconds from its navigation's start."""
    context = await browser.new_context(viewport={"width": 1080, "height": 1920})
    page = await context.new_page()
    try:
        tools = await context.new_cdp_session(page)
        await tools.send("Emulation.setCPUThrottlingRate", {"rate": slower})
        await page.goto(url, wait_until="commit")
        return float(await page.evaluate(_READY))
    finally:
        await context.close()


async def measure(rounds: int, slower: float, pages: Path = DIST) -> dict[str, list[float]]:
    """Return the milliseconds of each round, of the screen and of the blank page."""
    port = free_port()
    kiosk = Kiosk(
        StationSettings(id="bench", name="Trạm thử", place="Sảnh"),
        KioskSettings(port=port, pages=pages),
        SpeechSettings(),
        SystemClock(),
        note=lambda _change: None,
        sos=ScriptedSos(),
        link=ScriptedLink(),
        cabin=ScriptedCabin(),
    )
    task = asyncio.create_task(kiosk.run(), name="kiosk")
    times: dict[str, list[float]] = {"screen": [], "blank": []}
    try:
        while not accepts(port):  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.05)
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            for _ in range(rounds):
                times["screen"].append(await ready_ms(browser, f"http://127.0.0.1:{port}/kiosk/", slower))
                times["blank"].append(await ready_ms(browser, "about:blank", slower))
            await browser.close()
    finally:
        task.cancel()
        await asyncio.wait([task])
    return times


def main() -> None:
    """Measure, and end with the JSON object."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--slower", type=float, default=4.0, help="how many times slower the processor is")
    options = parser.parse_args()
    times = asyncio.run(measure(options.rounds, options.slower))
    figures: dict[str, Any] = {
        "script_bytes": script_bytes(),
        "interactive_p50_ms": round(percentile(times["screen"], 0.5)),
        "interactive_max_ms": round(max(times["screen"])),
        "slower": options.slower,
        "goals": GOALS,
    }
    report(
        "screen",
        figures,
        samples=options.rounds,
        baseline={"blank_p50_ms": round(percentile(times["blank"], 0.5))},
    )


if __name__ == "__main__":
    main()
