"""Long lives of a request and its money in any order, by processes that keep their memory until the power goes.

The walks (test_every_way) try everything, but only near their milestones; this goes far, and tries little. The same few lives
each time by default; `TCDS_LIVES=500` draws so many at random (some minutes).
"""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Coroutine
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, ClassVar, Final

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from tests.cloud.together import deeds
from tests.cloud.together.going_on import go_on
from tests.cloud.together.holds import check
from tests.cloud.together.mortal import Cut, Stores
from tests.cloud.together.outside import Outside
from tests.cloud.together.world import Deed, NotNowError, World

LIVES: Final = int(os.environ.get("TCDS_LIVES", "0"))
DEFAULT_LIVES: Final = 12
STEPS: Final = 25

CUTS: Final = st.builds(Cut, st.integers(1, 3), st.booleans())
BESIDE: Final = st.tuples(st.integers(1, 3), st.sampled_from((*deeds.BESIDE_A_BILL, *deeds.BESIDE_A_FEE[3:])))


@pytest.fixture(scope="module", autouse=True)
def template(migrated_file: Path) -> None:
    """Let every life begin with a copy of one migrated database."""
    Life.template = migrated_file


class Life(RuleBasedStateMachine):
    """One request."""

    template: ClassVar[Path]

    def __init__(self) -> None:
        super().__init__()
        self.closing = ExitStack()
        self.runner = self.closing.enter_context(asyncio.Runner())
        folder = self.closing.enter_context(tempfile.TemporaryDirectory())
        copy = shutil.copy(self.template, Path(folder) / "store.db")
        self.stores = self.closing.enter_context(Stores(f"sqlite:///{copy}"))
        self.outside = Outside()
        self.world: World

    def teardown(self) -> None:
        try:
            if hasattr(self, "world"):
                self.wait(go_on(self.world, set()))
        finally:
            self.wait(self.outside.aclose())
            self.closing.close()

    def wait(self, work: Coroutine[Any, Any, object]) -> None:
        self.runner.run(work)

    def live(self, deed: Deed, cut: Cut | None = None, meanwhile: tuple[int, Deed] | None = None) -> None:
        with suppress(NotNowError):
            self.wait(self.world.do(deed, cut, meanwhile))
        check(self.world)

    @initialize(is_bill=st.booleans())
    def begin(self, *, is_bill: bool) -> None:
        self.world = World(self.stores, self.outside, is_bill=is_bill)
        self.alphabet = deeds.OF_A_BILL if is_bill else deeds.OF_A_FEE
        for deed in (deeds.SUBMIT, deeds.ASK_A) if is_bill else (deeds.SUBMIT, deeds.ASK_FEE, deeds.ASK_A):
            self.live(deed)

    @rule(place=st.integers(0, 99))
    def happens(self, place: int) -> None:
        self.live(self.alphabet[place % len(self.alphabet)])

    @rule(place=st.integers(0, 99), cut=CUTS)
    def is_cut_off(self, place: int, cut: Cut) -> None:
        self.live(self.alphabet[place % len(self.alphabet)], cut)

    @rule(place=st.integers(0, 99), beside=BESIDE)
    def is_interrupted(self, place: int, beside: tuple[int, Deed]) -> None:
        self.live(self.alphabet[place % len(self.alphabet)], meanwhile=beside)


Life.TestCase.settings = settings(
    max_examples=LIVES or DEFAULT_LIVES,
    stateful_step_count=STEPS,
    derandomize=not LIVES,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
TestLife = pytest.mark.timeout(0 if LIVES else 60)(Life.TestCase)
