"""The alarm under a held clock."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from edge.alarm import (
    GROUP_MS,
    MAX_GROUPS,
    MAX_INCIDENTS,
    STAGE_KEPT_MS,
    Alarm,
    Effect,
    Incident,
    Rules,
    SendSms,
    Shown,
    SoundSiren,
)
from wire.messages import ShowSos, SosStage
from wire.ranges import SequenceSet

RULES = Rules(receipt_timeout_ms=8_000, siren_s=30, sms_retry_ms=20_000)
A, B = "a" * 32, "b" * 32


def show(incident: str, version: int, stage: SosStage) -> ShowSos:
    return ShowSos(incident=incident, version=version, stage=stage)


def stored(*seqs: int) -> SequenceSet:
    return SequenceSet.of_numbers(seqs)


def shown(alarm: Alarm) -> SosStage | None:
    return alarm.stage


def test_nothing_going_on() -> None:
    alarm = Alarm(RULES)
    assert shown(alarm) is None
    assert alarm.next_deadline_ms is None
    assert alarm.tick(1_000_000) == []


def test_a_press_is_told_at_once_and_a_receipt_too() -> None:
    alarm = Alarm(RULES)
    alarm.recorded(1, 0, drill=False)
    assert shown(alarm) is SosStage.RECORDED
    assert alarm.receipted(stored(1), 900) == []
    assert shown(alarm) is SosStage.RECEIVED
    assert alarm.tick(60_000) == []


def test_without_a_receipt_the_siren_sounds_once_and_the_sms_is_ordered() -> None:
    alarm = Alarm(RULES)
    alarm.recorded(1, 1_000, drill=False)
    assert alarm.next_deadline_ms == 9_000
    assert alarm.tick(8_999) == []
    assert alarm.tick(9_000) == [SoundSiren(30), SendSms(1, 1)]
    assert alarm.tick(9_001) == []
    assert shown(alarm) is SosStage.RECORDED


def test_the_limit_counts_from_the_press_not_from_its_record() -> None:
    alarm = Alarm(RULES)
    alarm.recorded(1, -20_000, drill=False)
    assert SendSms(1, 1) in alarm.tick(0)


def test_a_late_receipt_ends_siren_and_sms() -> None:
    alarm = Alarm(RULES)
    alarm.recorded(1, 0, drill=False)
    alarm.tick(8_000)
    alarm.texted(1, 9_000, sent=False)
    assert alarm.receipted(stored(1), 10_000) == [SoundSiren(0)]
    assert shown(alarm) is SosStage.RECEIVED
    assert alarm.tick(100_000) == []


def test_a_failed_sms_is_tried_again_ever_more_slowly_until_it_goes() -> None:
    alarm = Alarm(RULES)
    alarm.recorded(1, 0, drill=False)
    now_ms, waits = 8_000, []
    alarm.tick(now_ms)
    for attempt in range(2, 8):
        alarm.texted(1, now_ms, sent=False)
        due_ms = alarm.next_deadline_ms
        assert due_ms is not None
        waits.append(due_ms - now_ms)
        now_ms = due_ms
        assert alarm.tick(now_ms) == [SendSms(1, attempt)]
    assert waits == [20_000, 40_000, 80_000, 160_000, 160_000, 160_000]
    alarm.texted(1, now_ms, sent=True)
    assert alarm.texted_seq == 1
    assert alarm.tick(now_ms + 3_600_000) == []


def test_presses_within_a_minute_are_one_group() -> None:
    alarm = Alarm(RULES)
    for seq in range(1, 6):
        alarm.recorded(seq, seq * 1_000, drill=False)
    assert alarm.tick(20_000) == [SoundSiren(30), SendSms(1, 1)]
    alarm.receipted(stored(1, 2), 21_000)
    assert shown(alarm) is SosStage.RECEIVED, "the highest counts"
    alarm.texted(1, 22_000, sent=False)
    assert alarm.tick(60_000) == [SendSms(1, 2)], "the others still wait"


def test_a_press_after_a_minute_calls_anew() -> None:
    alarm = Alarm(RULES)
    alarm.recorded(1, 0, drill=False)
    alarm.tick(8_000)
    alarm.texted(1, 9_000, sent=True)
    alarm.recorded(2, GROUP_MS + 1, drill=False)
    assert alarm.tick(GROUP_MS + 8_001) == [SoundSiren(30), SendSms(2, 1)]


def test_whoever_plays_with_the_button_makes_a_bounded_number_of_groups() -> None:
    alarm = Alarm(RULES)
    for seq in range(1, 100):
        alarm.recorded(seq, seq * (GROUP_MS + 1), drill=False)
    orders = [effect for effect in alarm.tick(100 * (GROUP_MS + 1)) if isinstance(effect, SendSms)]
    assert len(orders) == MAX_GROUPS


def test_a_drill_is_shown_and_makes_no_noise() -> None:
    alarm = Alarm(RULES)
    alarm.recorded(1, 0, drill=True)
    assert shown(alarm) is SosStage.RECORDED
    assert alarm.tick(3_600_000) == []
    alarm.receipted(stored(1), 3_600_000)
    assert shown(alarm) is SosStage.RECEIVED


def test_a_press_beside_a_drill_is_a_press() -> None:
    alarm = Alarm(RULES)
    alarm.recorded(1, 0, drill=True)
    alarm.recorded(2, 10, drill=False)
    assert alarm.tick(8_010) == [SoundSiren(30), SendSms(2, 1)]


def test_without_a_modem_only_the_siren_sounds() -> None:
    alarm = Alarm(Rules(can_text=False))
    alarm.recorded(1, 0, drill=False)
    assert alarm.tick(8_000) == [SoundSiren(30)]
    assert alarm.next_deadline_ms == STAGE_KEPT_MS


def test_a_silent_site_has_no_siren_to_end() -> None:
    alarm = Alarm(Rules(siren_s=0))
    alarm.recorded(1, 0, drill=False)
    assert alarm.tick(8_000) == [SendSms(1, 1)]
    assert alarm.receipted(stored(1), 8_100) == []


def test_a_rejected_press_never_counts_as_received() -> None:
    alarm = Alarm(RULES)
    alarm.recorded(1, 0, drill=False)
    alarm.receipted(stored(), 100)
    assert alarm.tick(8_000) == [SoundSiren(30), SendSms(1, 1)]


def test_the_person_sees_every_stage_of_the_help() -> None:
    alarm = Alarm(RULES)
    alarm.recorded(1, 0, drill=False)
    alarm.receipted(stored(1), 100)
    for version, stage in enumerate(SosStage):
        assert alarm.show(show(A, version, stage), 1_000) is Shown.ACCEPTED
        assert shown(alarm) is (None if stage is SosStage.CLOSED else stage)


def test_stale_versions_change_nothing() -> None:
    alarm = Alarm(RULES)
    alarm.show(show(A, 5, SosStage.ON_THE_WAY), 0)
    assert alarm.show(show(A, 4, SosStage.POLICE_RECEIVED), 1) is Shown.STALE
    assert shown(alarm) is SosStage.ON_THE_WAY
    assert alarm.show(show(A, 5, SosStage.ON_THE_WAY), 2) is Shown.ACCEPTED
    alarm.show(show(A, 6, SosStage.CLOSED), 3)
    assert alarm.show(show(A, 5, SosStage.ON_THE_WAY), 4) is Shown.STALE
    assert shown(alarm) is None


def test_a_reopened_incident_may_show_a_lower_stage() -> None:
    alarm = Alarm(RULES)
    alarm.show(show(A, 5, SosStage.CLOSED), 0)
    alarm.show(show(A, 6, SosStage.RECEIVED), 1)
    assert shown(alarm) is SosStage.RECEIVED


def test_of_two_incidents_the_higher_stage_is_shown() -> None:
    alarm = Alarm(RULES)
    alarm.show(show(A, 1, SosStage.ON_SCENE), 0)
    alarm.show(show(B, 1, SosStage.RECEIVED), 1)
    assert shown(alarm) is SosStage.ON_SCENE
    alarm.show(show(A, 2, SosStage.CLOSED), 2)
    assert shown(alarm) is SosStage.RECEIVED


def test_a_press_that_joined_an_incident_ends_with_it() -> None:
    alarm = Alarm(RULES)
    alarm.show(show(A, 1, SosStage.ON_SCENE), 0)
    alarm.recorded(7, 100, drill=False)
    assert shown(alarm) is SosStage.ON_SCENE
    alarm.receipted(stored(7), 200)
    alarm.show(show(A, 2, SosStage.CLOSED), 300)
    assert shown(alarm) is None


def test_closing_the_old_incident_hides_neither_a_new_one_nor_a_press_that_waits() -> None:
    alarm = Alarm(RULES)
    alarm.show(show(A, 1, SosStage.ON_SCENE), 0)
    alarm.show(show(B, 1, SosStage.RECEIVED), 100)
    alarm.recorded(8, 200, drill=False)
    alarm.show(show(A, 2, SosStage.CLOSED), 300)
    assert shown(alarm) is SosStage.RECEIVED
    alarm.show(show(B, 2, SosStage.CLOSED), 400)
    assert shown(alarm) is SosStage.RECORDED


def test_yesterdays_promise_is_not_shown_to_the_next_person() -> None:
    alarm = Alarm(RULES)
    alarm.show(show(A, 1, SosStage.ON_THE_WAY), 0)
    alarm.recorded(1, 0, drill=False)
    alarm.recorded(2, 0, drill=True)
    alarm.receipted(stored(1), 5)
    assert alarm.next_deadline_ms is not None
    alarm.tick(STAGE_KEPT_MS + 5)
    assert shown(alarm) is None
    assert alarm.next_deadline_ms is None


def test_incidents_are_bounded_and_the_oldest_goes() -> None:
    alarm = Alarm(RULES)
    for number in range(MAX_INCIDENTS + 3):
        alarm.show(show(f"{number:032x}", 1, SosStage.RECEIVED), number)
    assert len(alarm.incidents) == MAX_INCIDENTS
    assert f"{2:032x}" not in alarm.incidents


def test_a_restart_remembers_incidents_and_sends_no_sms_twice() -> None:
    alarm = Alarm(RULES)
    alarm.restore({A: Incident(3, SosStage.POLICE_RECEIVED, 0)}, texted_seq=5)
    alarm.recorded(5, 0, drill=False)
    assert alarm.show(show(A, 2, SosStage.RECEIVED), 10) is Shown.STALE
    assert shown(alarm) is SosStage.POLICE_RECEIVED
    assert alarm.tick(8_000) == [SoundSiren(30)], "it still makes noise: nobody has confirmed"


class AlarmMachine(RuleBasedStateMachine):
    """Whatever happens in whatever order: nobody is told too much, and an unheard press is never left alone."""

    def __init__(self) -> None:
        super().__init__()
        self.alarm = Alarm(RULES)
        self.now_ms = 0
        self.seq = 0
        self.waiting: dict[int, int] = {}
        self.drills: set[int] = set()
        self.loud: set[int] = set()
        self.orders: list[SendSms] = []

    @rule(drill=st.booleans())
    def press(self, drill: bool) -> None:  # noqa: FBT001 - Hypothesis passes it by name
        self.seq += 1
        self.alarm.recorded(self.seq, self.now_ms, drill=drill)
        if drill:
            self.drills.add(self.seq)
        else:
            self.waiting[self.seq] = self.now_ms

    @rule(wait_ms=st.integers(0, 90_000))
    def time_passes(self, wait_ms: int) -> None:
        self.now_ms += wait_ms
        effects = self.alarm.tick(self.now_ms)
        self.take(effects)
        overdue = {
            seq for seq, at_ms in self.waiting.items() if self.now_ms >= at_ms + RULES.receipt_timeout_ms
        }
        assert not overdue or self.alarm._is_loud

    @precondition(lambda self: self.seq)
    @rule(data=st.data())
    def receipt(self, data: st.DataObject) -> None:
        last = data.draw(st.integers(1, self.seq))
        first = data.draw(st.integers(1, last))
        before = bool(self.alarm._is_loud)
        effects = self.alarm.receipted(SequenceSet.of([(first, last)]), self.now_ms)
        for seq in range(first, last + 1):
            self.waiting.pop(seq, None)
            self.drills.discard(seq)
        assert (SoundSiren(0) in effects) == (before and not self.alarm._is_loud)

    @precondition(lambda self: self.orders)
    @rule(sent=st.booleans())
    def text_ends(self, sent: bool) -> None:  # noqa: FBT001 - same
        self.alarm.texted(self.orders.pop(0).press_seq, self.now_ms, sent=sent)

    def take(self, effects: list[Effect]) -> None:
        for effect in effects:
            if isinstance(effect, SendSms):
                assert effect.press_seq not in self.drills
                assert effect.press_seq > self.alarm.texted_seq or effect.attempt > 1
                self.orders.append(effect)

    @invariant()
    def nobody_is_told_too_much(self) -> None:
        if self.waiting or self.drills:
            assert self.alarm.stage in (SosStage.RECORDED, SosStage.RECEIVED)
        assert self.alarm.stage not in (SosStage.POLICE_RECEIVED, SosStage.ON_THE_WAY, SosStage.ON_SCENE)

    @invariant()
    def silence_means_that_nobody_waits_too_long(self) -> None:
        assert self.waiting or not self.alarm._is_loud


TestAlarmMachine = AlarmMachine.TestCase
TestAlarmMachine.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
