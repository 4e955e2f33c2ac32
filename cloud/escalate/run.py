"""The role `escalate`: a few loops in threads of their own, none of which a fault of another can stop."""

import asyncio
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from functools import partial
from typing import Final

import httpx
import structlog

from cloud.clock import now_ms
from cloud.escalate.auditor import INTERVAL_S, TIMEOUT_S, Heart, audit
from cloud.escalate.pager import WORKERS, Pager
from cloud.escalate.tick import BEAT_EVERY_MS, LONGEST_WAIT_S, Ways, beat, tick, wait_s
from cloud.notify.log import LogNotifier
from cloud.notify.port import Notifier
from cloud.notify.push import PushNotifier
from cloud.notify.sms import SmsNotifier
from cloud.places import load_places
from cloud.settings import Escalation, Notify, Settings
from cloud.sos.plan import Channel
from cloud.store.engine import Store
from cloud.store.errors import StoreError

_log = structlog.get_logger(__name__)

AFTER_FAULT_S: Final = 1.0
"""A database that is away is asked again so soon."""

_JOIN_S: Final = 3.0
"""At the end a message on its way may be finished; what is not, is sent again by the next process."""


async def run_escalation(
    settings: Settings, store: Store, stop: asyncio.Event, clock: Callable[[], int] = now_ms
) -> None:
    """Escalate, page and audit until `stop` is set."""
    ended = threading.Event()
    with ExitStack() as stack:
        notifiers = build_notifiers(settings.notify)
        for notifier in notifiers.values():
            stack.enter_context(closing(notifier))
        heart = _heart(settings.escalation, stack)
        loops = _loops(settings, store, notifiers, heart, clock, ended)
        threads = [threading.Thread(target=loop, name=name, daemon=True) for name, loop in loops.items()]
        for thread in threads:
            thread.start()
        try:
            await stop.wait()
        finally:
            ended.set()
            await asyncio.to_thread(_join, threads)


def build_notifiers(notify: Notify) -> dict[Channel, Notifier]:
    """Return the ways that are configured; the log always is one."""
    ways: dict[Channel, Notifier] = {Channel.LOG: LogNotifier()}
    if notify.push is not None:
        ways[Channel.PUSH] = PushNotifier(notify.push.private_key, notify.push.subject)
    if notify.sms is not None:
        ways[Channel.SMS] = SmsNotifier(str(notify.sms.url), notify.sms.token.get_secret_value())
    return ways


def _heart(escalation: Escalation, stack: ExitStack) -> Heart | None:
    if escalation.heartbeat_url is None:
        return None
    return Heart(stack.enter_context(httpx.Client(timeout=TIMEOUT_S)), str(escalation.heartbeat_url))


def _loops(
    settings: Settings,
    store: Store,
    notifiers: Mapping[Channel, Notifier],
    heart: Heart | None,
    clock: Callable[[], int],
    ended: threading.Event,
) -> dict[str, Callable[[], None]]:
    """Name everything that runs: the tick, the auditor, and a pager for each way."""
    sms = settings.notify.sms
    ways = Ways(tuple(notifiers), sms.numbers if sms is not None else ())
    ward_name = load_places(settings.places).ward_name
    pagers = [
        Pager(store, channel, notifiers.get(channel), ward_name)
        for channel in Channel
        if channel is not Channel.CONSOLE
    ]
    return {
        "escalation": partial(escalate_until, ended, store, ways, clock),
        "auditor": partial(audit_until, ended, store, heart, clock),
        **{f"pager-{pager.channel}": partial(page_until, ended, pager, clock) for pager in pagers},
    }


def escalate_until(ended: threading.Event, store: Store, ways: Ways, clock: Callable[[], int]) -> None:
    """Tick whenever the bell rings or a deadline comes, at least once a second; each second leave a sign of life."""
    next_beat_ms = 0

    def step() -> float:
        nonlocal next_beat_ms
        tick(store, ways, clock())
        if clock() >= next_beat_ms:
            next_beat_ms = clock() + BEAT_EVERY_MS
            beat(store, clock())
        return wait_s(store, clock())

    with store.bell() as bell:
        while not ended.is_set():
            bell.wait(_guarded(step, ended))


def page_until(ended: threading.Event, pager: Pager, clock: Callable[[], int]) -> None:
    """Send whenever the bell rings, and look once a second for what is to be tried again."""
    with ThreadPoolExecutor(WORKERS, f"pager-{pager.channel}") as pool, pager.store.bell() as bell:

        def step() -> float:
            return 0.0 if pager.send_due(pool, clock) else LONGEST_WAIT_S

        while not ended.is_set():
            bell.wait(_guarded(step, ended))


def audit_until(ended: threading.Event, store: Store, heart: Heart | None, clock: Callable[[], int]) -> None:
    """Audit every INTERVAL_S, and when all is well let the outside hear it."""

    def step() -> float:
        if audit(store, clock()).is_well and heart is not None:
            heart.beat()
        return INTERVAL_S

    while not ended.is_set():
        ended.wait(_guarded(step, ended))


def _guarded(step: Callable[[], float], ended: threading.Event) -> float:
    """Do one step and return how long to wait; a loop that lives may work again, one that has died cannot."""
    try:
        return step()
    except StoreError as error:
        _log.error("escalate.store_away", thread=threading.current_thread().name, error=type(error).__name__)
    except Exception:  # noqa: BLE001  # whatever it is, the next incident must still be escalated
        _log.exception("escalate.fault", thread=threading.current_thread().name)
    ended.wait(AFTER_FAULT_S)
    return 0.0


def _join(threads: list[threading.Thread]) -> None:
    deadline = time.monotonic() + _JOIN_S
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))
