"""Board, bad line and host as one machine: every event arrives, once, whatever is lost, doubled or started anew."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from firmware_bridge.board import DURABLE, PENDING_MAX, Board, LineState, Memory
from firmware_bridge.link import Link, LinkEvent
from firmware_bridge.messages import Event, EventId, ResetCause

STEP_MS = 50


class Delivery(RuleBasedStateMachine):
    """The host keeps a journal, which is all that outlives it; the board keeps its memory."""

    def __init__(self) -> None:
        super().__init__()
        self.now_ms = 0
        self.memory = Memory(7)
        self.board = Board(self.memory, ResetCause.POWER_ON, 0)
        self.link = Link(0)
        self.journal: list[EventId] = []
        self.given: set[EventId] = set()
        self.unconfirmed: list[EventId] = []
        self.latched: set[EventId] = set()
        self.disk_full = False
        self.faults: list[str] = []
        self.held: list[tuple[str, bytes]] = []

    @rule(button=st.integers(0, 1), state=st.sampled_from(LineState))
    def change_a_line(self, button: int, state: LineState) -> None:
        if len(self.memory.events) < PENDING_MAX - 1:
            self.latched.update(self.board.sense_line(button, state, self.now_ms))

    @rule(steps=st.integers(1, 30))
    def let_time_pass(self, steps: int) -> None:
        for _ in range(steps):
            self.now_ms += STEP_MS
            self.board.tick(self.now_ms)
            self.take(self.link.tick(self.now_ms))
            self.carry()

    @rule(faults=st.lists(st.sampled_from(["lose", "double", "hold", "damage", "pass"]), max_size=10))
    def spoil_the_line(self, faults: list[str]) -> None:
        self.faults += faults

    @rule()
    def confirm_what_is_on_disk(self) -> None:
        for event_id in self.unconfirmed:
            self.link.confirm(event_id)
        self.unconfirmed.clear()

    @rule(full=st.booleans())
    def fill_or_empty_the_disk(self, *, full: bool) -> None:
        self.disk_full = full

    @rule()
    def reset_the_board(self) -> None:
        self.latched -= {event.id for event in self.memory.events if event.kind not in DURABLE}
        self.board = Board(self.memory, ResetCause.WATCHDOG, self.now_ms)

    @rule()
    def restart_the_host(self) -> None:
        self.link = Link(self.now_ms)
        self.given.clear()
        self.unconfirmed.clear()

    @invariant()
    def the_journal_has_nothing_twice(self) -> None:
        assert len(self.journal) == len(set(self.journal))

    @invariant()
    def the_board_forgets_only_what_is_on_disk(self) -> None:
        kept = {event.id for event in self.memory.events}
        assert self.latched <= kept | set(self.journal)

    def teardown(self) -> None:
        self.disk_full = False
        self.faults.clear()
        for _ in range(3):
            self.let_time_pass(20)
            self.confirm_what_is_on_disk()
        self.let_time_pass(20)
        assert self.latched <= set(self.journal)
        assert self.memory.events == []

    def carry(self) -> None:
        for to, data in [("host", self.board.outgoing()), ("board", self.link.outgoing())]:
            for frame in data.split(b"\0"):
                if frame:
                    self.transmit(to, frame)

    def transmit(self, to: str, frame: bytes) -> None:
        fault = self.faults.pop() if self.faults else "pass"
        if fault == "hold":
            self.held.append((to, frame))
            return
        if fault == "damage":
            frame = frame[:-1] + bytes((frame[-1] ^ 1 or 2,))
        copies = {"lose": 0, "double": 2}.get(fault, 1)
        late, self.held = self.held, []
        for whither, what in [(to, frame)] * copies + late:
            self.deliver(whither, b"\0" + what + b"\0")

    def deliver(self, to: str, data: bytes) -> None:
        if to == "board":
            self.board.feed(data, self.now_ms)
        else:
            self.take(self.link.feed(data, self.now_ms))

    def take(self, told: list[LinkEvent]) -> None:
        """Do what a host's daemon does."""
        for event in told:
            if not isinstance(event, Event):
                continue
            assert event.id not in self.given, "told twice"
            if self.disk_full:
                self.link.deliver_again(event.id)
                continue
            self.given.add(event.id)
            if event.id not in self.journal:
                self.journal.append(event.id)
            self.unconfirmed.append(event.id)


TestDelivery = Delivery.TestCase
TestDelivery.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
