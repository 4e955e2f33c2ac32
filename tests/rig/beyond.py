"""Everybody beyond the cloud at once: whoever every service of the shipped catalogue is for."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.rig.far_ends import far_ends_section, running_far_ends
from tests.rig.money import BILLER, Money, running_money
from tests.rig.portal import Portal, running_portal


@dataclass(frozen=True, slots=True)
class Beyond:
    """The portal, the other far ends by their connectors' names, whom one pays; `section` is how the cloud finds them."""

    portal: Portal
    urls: dict[str, str]
    money: Money
    section: str


@contextmanager
def running_beyond(directory: Path, *, pace_s: float) -> Iterator[Beyond]:
    """Run all of them until the end of the block; so often somebody takes the next step of each case."""
    at = directory / "far-ends"
    with (
        running_portal(directory / "portal", pace_s=pace_s) as portal,
        running_money(directory / "money") as money,
        running_far_ends(at, pace_s=pace_s, without={BILLER}) as urls,
    ):
        sections = (portal.section(first_poll_s=2), far_ends_section(at, urls), money.section())
        yield Beyond(portal, urls, money, "\n".join(sections))
