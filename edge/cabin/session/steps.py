"""Within one measurement: begun, stopped, accepted, doubted, repeated, left. Each returns the next state and what to do."""

from dataclasses import replace

from edge.cabin.rules.readings import Reading
from edge.cabin.rules.series import marked, wants_another
from edge.cabin.rules.settling import Window
from edge.cabin.session.events import Begin, Cancel, Count, Effects, KeepConsent, KeepReading
from edge.cabin.session.state import Done, State, Step, has_instrument
from edge.cabin.view import Page, Phase, Trouble
from wire.entries import VitalKind

Change = tuple[State, Effects]


def enter(state: State, kind: VitalKind, now_ms: int) -> State:
    """Come to the step of `kind`: what no instrument measures is typed."""
    phase = Phase.PREPARE if has_instrument(state, kind) else Phase.ENTRY
    if kind is not VitalKind.HEIGHT:
        phase = Phase.PREPARE
    return replace(state, page=Page.STEP, step=Step(kind=kind, phase=phase, since_ms=now_ms))


def start(state: State, step: Step, now_ms: int) -> Change:
    """Begin the next reading, or rest first if the pause since the last one is not over."""
    if now_ms < step.rest_until_ms:
        return _with(state, step, phase=Phase.REST, since_ms=now_ms, trouble=None), ()
    return begin(state, step, now_ms)


def begin(state: State, step: Step, now_ms: int) -> Change:
    """Tell the instrument to begin; one that was taken out of the cabin meanwhile is lost."""
    if all(offer.kind is not step.kind for offer in state.offers):
        return fail(state, step, Trouble.LOST, now_ms)
    begun = _with(
        state,
        step,
        phase=Phase.WAITING,
        since_ms=now_ms,
        begun_ms=now_ms,
        is_begun=True,
        offered=None,
        trouble=None,
        live=None,
        window=Window(),
    )
    return begun, (Begin(step.kind),)


def stop(state: State, step: Step, now_ms: int) -> Change:
    """End the reading that is on, or the pause before it; it can be started again."""
    return _with(state, _released(step), phase=Phase.PREPARE, since_ms=now_ms), _release(step)


def fail(state: State, step: Step, trouble: Trouble, now_ms: int) -> Change:
    """End the reading with a trouble that a further try may mend."""
    failed = _with(
        state,
        _released(step),
        phase=Phase.TROUBLE,
        since_ms=now_ms,
        trouble=trouble,
        failures=step.failures + 1,
    )
    return failed, _release(step)


def refuse(state: State, step: Step, trouble: Trouble, now_ms: int) -> Change:
    """Count a measurement that is none, and go on as after any failure."""
    failed, effects = fail(state, step, trouble, now_ms)
    return failed, (*effects, Count(is_accepted=False))


def accept(state: State, step: Step, reading: Reading, now_ms: int) -> Change:
    """Take a reading: one that the person may want to replace is shown first, any other counts at once."""
    released = _released(step)
    if reading.is_typed or (reading.is_disturbed and step.may_repeat):
        offered = _with(state, released, phase=Phase.RESULT, since_ms=now_ms, offered=reading, trouble=None)
        return offered, _release(step)
    counted, effects = commit(state, released, reading, now_ms)
    return counted, (*_release(step), *effects)


def commit(state: State, step: Step, reading: Reading, now_ms: int) -> Change:
    """Let a reading count: keep it if the person agreed, and rest before the next or show the result."""
    final = marked(reading, step.readings)
    readings = (*step.readings, final)
    kept, effects = _keep(state, final)
    effects = (*effects, Count(is_accepted=True))
    counted = replace(step, readings=readings, offered=None, trouble=None)
    if not wants_another(step.kind, readings):
        return _with(kept, counted, phase=Phase.RESULT, since_ms=now_ms), effects
    resting, more = rest(kept, counted, now_ms)
    return resting, (*effects, *more)


def rest(state: State, step: Step, now_ms: int) -> Change:
    """Pause between two readings of blood pressure, then begin by itself; other instruments begin at once."""
    if step.kind is not VitalKind.BLOOD_PRESSURE or not state.pace.rest_ms:
        return begin(state, step, now_ms)
    until_ms = now_ms + state.pace.rest_ms
    return _with(state, step, phase=Phase.REST, since_ms=now_ms, trouble=None, rest_until_ms=until_ms), ()


def repeat(state: State, step: Step, now_ms: int) -> Change:
    """Try again: after a trouble the same reading, in doubt the doubtful reading or the whole series anew."""
    if step.phase is Phase.TROUBLE:
        return _again_after_trouble(state, step, now_ms)
    if step.offered is not None and step.offered.is_typed:
        return enter(state, step.kind, now_ms), ()
    anew = replace(step, offered=None, repeats=step.repeats + 1)
    if step.offered is None:
        anew = replace(anew, readings=(), earlier=step.readings)
    return rest(state, anew, now_ms)


def finish(state: State, step: Step) -> Change:
    """Put what the step came to beside the other results, or note that it was skipped."""
    readings = step.readings or step.earlier
    done = (*state.done, Done(step.kind, readings)) if readings else state.done
    skipped = state.skipped if readings else (*state.skipped, step.kind)
    return replace(state, done=done, skipped=skipped), _release(step)


def _again_after_trouble(state: State, step: Step, now_ms: int) -> Change:
    if step.kind is VitalKind.HEIGHT and not has_instrument(state, step.kind):
        return _with(state, _released(step), phase=Phase.ENTRY, since_ms=now_ms), _release(step)
    return start(state, step, now_ms)


def _keep(state: State, reading: Reading) -> Change:
    """Order what consent allows: the consent itself goes first, with the first reading that it covers."""
    consent = state.consent
    if consent is None:
        return state, ()
    ledger = replace(state.ledger, is_begun=True, waiting=state.ledger.waiting + 1)
    effects: Effects = (KeepReading(state.session, reading),)
    if not state.ledger.is_begun:
        agreed = KeepConsent(
            session=state.session,
            scope=consent.scope,
            text_version=consent.text_version,
            subject=state.subject,
            wall_ms=consent.wall_ms,
            uptime_ms=consent.uptime_ms,
        )
        effects = (agreed, *effects)
    return replace(state, ledger=ledger), effects


def _release(step: Step) -> Effects:
    return (Cancel(step.kind),) if step.is_begun else ()


def _released(step: Step) -> Step:
    return replace(step, is_begun=False, offered=None, trouble=None, live=None, window=Window())


def _with(state: State, step: Step, **changes: object) -> State:
    return replace(state, step=replace(step, **changes))  # type: ignore[arg-type]
