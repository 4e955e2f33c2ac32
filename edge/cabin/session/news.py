"""What instruments say, as far as it belongs to the measurement that is on; everything else is ignored.

News counts only for the kind of the present step and only between `Begin` and `Cancel`: what a cancelled or an earlier
step had still on its way says nothing of the person's present measurement.
"""

from dataclasses import replace
from typing import Final

from edge.cabin.rules.readings import is_same_record, judge
from edge.cabin.rules.settling import SAMPLE_MS, Window, observe, settled
from edge.cabin.session.events import ShowWave
from edge.cabin.session.state import State, Step
from edge.cabin.session.steps import Change, accept, fail, refuse
from edge.cabin.view import Phase, Trouble
from edge.codecs.instrument import Failed, Live, Taken, Wave
from edge.instrument import Gone, Heard, InstrumentNews
from wire.entries import VitalKind

_WITH_PULSE: Final = frozenset({VitalKind.OXYGEN, VitalKind.HEART_RATE})


def hear(state: State, news: InstrumentNews, now_ms: int) -> Change:
    """Take one piece of news."""
    step = state.step
    if step is None or not step.is_begun:
        return state, ()
    if isinstance(news, Heard):
        return _said(state, step, news, now_ms)
    if news.kind is not step.kind:
        return state, ()
    return _gone(state, step, news, now_ms) if isinstance(news, Gone) else _back(state, step, now_ms)


def _gone(state: State, step: Step, news: Gone, now_ms: int) -> Change:
    """Say that it is not there, and go on listening: it may come back by itself."""
    trouble = Trouble(news.absence.value)
    away = replace(step, phase=Phase.TROUBLE, since_ms=now_ms, trouble=trouble, live=None, window=Window())
    return replace(state, step=away), ()


def _back(state: State, step: Step, now_ms: int) -> Change:
    if step.phase is not Phase.TROUBLE:
        return state, ()
    return replace(state, step=replace(step, phase=Phase.WAITING, since_ms=now_ms, trouble=None)), ()


def _said(state: State, step: Step, news: Heard, now_ms: int) -> Change:
    match news.event:
        case Taken(kind=step.kind) as taken:
            return _taken(state, step, taken, news.device, now_ms)
        case Failed(kind=step.kind) as failed:
            return fail(state, step, Trouble(failed.trouble.value), now_ms)
        case Live(kind=step.kind) as live:
            return _live(state, step, live, news.device, now_ms)
        case Wave() as wave if step.kind in _WITH_PULSE:
            return replace(state, step=_alive(step, now_ms)), (ShowWave(wave),)
        case _:
            return state, ()


def _taken(state: State, step: Step, taken: Taken, device: str, now_ms: int) -> Change:
    if any(is_same_record(taken, reading) for reading in (*step.earlier, *step.readings)):
        return state, ()
    judged = judge(taken, device)
    if isinstance(judged, Trouble):
        return refuse(state, step, judged, now_ms)
    return accept(state, step, judged, now_ms)


def _live(state: State, step: Step, live: Live, device: str, now_ms: int) -> Change:
    """Show how it stands, and accept the value once it has settled."""
    window = observe(step.window, live, now_ms)
    alive = replace(_alive(step, now_ms), window=window)
    if alive.live is None or now_ms - alive.live_ms >= SAMPLE_MS or alive.live.flags != live.flags:
        alive = replace(alive, live=live, live_ms=now_ms)
    reading = settled(window, step.kind, device)
    if reading is not None:
        return accept(state, alive, reading, now_ms)
    return replace(state, step=alive), ()


def _alive(step: Step, now_ms: int) -> Step:
    """Take any word of the instrument as the end of whatever was waited for or wrong."""
    if step.phase is Phase.MEASURING:
        return step
    return replace(step, phase=Phase.MEASURING, since_ms=now_ms, trouble=None)
