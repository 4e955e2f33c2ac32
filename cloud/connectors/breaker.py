"""Circuit breaker and retry budget of one outside system, as pure functions of (breaker, policy, now).

Closed, it lets everybody through; after some failures in a row it opens, and nobody is let through for a while that
doubles each time; then one is let through to try. Retries are paid from a budget that successes fill: when a system
is down, retries stay a tenth of the load and do not multiply it.
"""

from dataclasses import dataclass, replace
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """When to open, for how long (doubling up to the longest), and how many retries to save up.

    One success pays for a tenth of a retry.
    """

    failures: int = 5
    open_ms: int = 5_000
    longest_ms: int = 300_000
    trial_ms: int = 30_000
    saved_retries: int = 10


@dataclass(frozen=True, slots=True)
class Breaker:
    """How a system did so far. `until_ms`: open until then. `trial_until_ms`: somebody tries it until then, at most."""

    failures: int = 0
    opened: int = 0
    until_ms: int | None = None
    trial_until_ms: int | None = None
    tenths: int = 0


_TENTHS: Final = 10


def new_breaker(policy: Policy) -> Breaker:
    """Begin closed, with a full budget."""
    return Breaker(tenths=policy.saved_retries * _TENTHS)


def admit(breaker: Breaker, policy: Policy, now_ms: int) -> Breaker | None:
    """Let a call through; None: it is open, or somebody else is trying it just now."""
    if breaker.until_ms is None:
        return breaker
    is_tried = breaker.trial_until_ms is not None and now_ms < breaker.trial_until_ms
    if now_ms < breaker.until_ms or is_tried:
        return None
    return replace(breaker, trial_until_ms=now_ms + policy.trial_ms)


def succeeded(breaker: Breaker, policy: Policy) -> Breaker:
    """Note an answer: closed, and a little of a retry is saved."""
    return Breaker(tenths=min(breaker.tenths + 1, policy.saved_retries * _TENTHS))


def failed(breaker: Breaker, policy: Policy, now_ms: int) -> Breaker:
    """Note that no answer came; it opens after so many in a row, and at once when it was only tried."""
    failures = breaker.failures + 1
    if breaker.until_ms is None and failures < policy.failures:
        return replace(breaker, failures=failures)
    pause_ms = min(policy.longest_ms, policy.open_ms << min(breaker.opened, 20))
    return replace(
        breaker,
        failures=failures,
        opened=breaker.opened + 1,
        until_ms=now_ms + pause_ms,
        trial_until_ms=None,
    )


def pay_retry(breaker: Breaker) -> Breaker | None:
    """Take one retry from the budget; None when it is used up."""
    return replace(breaker, tenths=breaker.tenths - _TENTHS) if breaker.tenths >= _TENTHS else None
