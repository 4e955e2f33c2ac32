"""What the station does about a press until help has come: the stage it shows, the siren, the SMS. Pure.

    recorded on disk   -> show "recorded" at once
    receipt            -> show "received"; it ends siren and SMS, however late it comes
    no receipt in time -> the siren sounds once, and an SMS is ordered until one went out
    ShowSos            -> show the stage of the incident; of several incidents the highest counts

Presses that wait for their receipts within a minute of one another are one group: one siren, one SMS. A drill is shown
like a press but makes no noise and sends no SMS. All times are milliseconds of one monotonic clock.
"""

from dataclasses import dataclass, field
from enum import Enum
from itertools import chain
from typing import Final

from wire.messages import ShowSos, SosStage
from wire.ranges import SequenceSet

GROUP_MS: Final = 60_000
"""As long as the centre joins presses of one station into one incident."""
STAGE_KEPT_MS: Final = 6 * 3_600_000
"""Nothing new for this long: whoever comes next must not read yesterday's promise."""
SMS_BACKOFF_LIMIT: Final = 8
"""The wait between two tries of an SMS grows to this multiple of the first one."""
MAX_GROUPS: Final = 8
"""Beyond it the newest group takes further presses: somebody is playing, or the uplink is down for long."""
MAX_INCIDENTS: Final = 16
"""Beyond it the one without news for longest is forgotten."""

_ORDER: Final = {stage: rank for rank, stage in enumerate(SosStage)}


@dataclass(frozen=True, slots=True)
class Rules:
    """The site's limits; without a modem `can_text` is False."""

    receipt_timeout_ms: int = 8_000
    siren_s: int = 30
    sms_retry_ms: int = 20_000
    can_text: bool = True


@dataclass(frozen=True, slots=True)
class SoundSiren:
    """Sound for `seconds`; 0 silences it."""

    seconds: int


@dataclass(frozen=True, slots=True)
class SendSms:
    """Send the SMS for the group that press `press_seq` opened; answer with `Alarm.texted`. `attempt` counts from 1."""

    press_seq: int
    attempt: int


Effect = SoundSiren | SendSms


class Shown(Enum):
    """What became of a ShowSos."""

    ACCEPTED = "accepted"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class Incident:
    """The newest word about one incident; `told_ms` is when it came."""

    version: int
    stage: SosStage
    told_ms: int


@dataclass(slots=True)
class _Group:
    """Presses without a receipt; `first_seq` names the group even when that press has its receipt."""

    first_seq: int
    since_ms: int
    last_ms: int
    waiting: set[int] = field(default_factory=set)
    is_loud: bool = False
    """The limit has passed and siren and SMS are on."""
    attempts: int = 0
    is_texting: bool = False
    """A try is under way."""
    text_due_ms: int | None = None


class Alarm:
    """The state of one station's alarm. Call `tick` at `next_deadline_ms`; do what the methods return."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._groups: list[_Group] = []
        self._drills: dict[int, int] = {}
        self._received_ms: int | None = None
        self._incidents: dict[str, Incident] = {}
        self._texted_seq = 0

    @property
    def stage(self) -> SosStage | None:
        """What the person may be told now; None when nothing is going on."""
        stages = [
            incident.stage for incident in self._incidents.values() if incident.stage != SosStage.CLOSED
        ]
        if self._received_ms is not None:
            stages.append(SosStage.RECEIVED)
        if self._groups or self._drills:
            stages.append(SosStage.RECORDED)
        return max(stages, key=_ORDER.__getitem__, default=None)

    @property
    def texted_seq(self) -> int:
        """The newest press whose SMS went out: hand it to `restore` so that a restart sends none twice."""
        return self._texted_seq

    @property
    def incidents(self) -> dict[str, Incident]:
        """What is known of the incidents, by id: hand it to `restore`."""
        return dict(self._incidents)

    @property
    def next_deadline_ms(self) -> int | None:
        """When `tick` has something to do; None: not until something happens."""
        started = (*self._drills.values(), *(group.last_ms for group in self._groups))
        news = (incident.told_ms for incident in self._incidents.values())
        received = () if self._received_ms is None else (self._received_ms,)
        limits = (
            group.since_ms + self._rules.receipt_timeout_ms for group in self._groups if not group.is_loud
        )
        texts = (group.text_due_ms for group in self._groups if group.text_due_ms is not None)
        ends = (since_ms + STAGE_KEPT_MS for since_ms in chain(started, news, received))
        return min(chain(limits, texts, ends), default=None)

    def restore(self, incidents: dict[str, Incident], texted_seq: int) -> None:
        """Take up what an earlier run of the daemon knew; its waiting presses come by `recorded`."""
        self._incidents = dict(incidents)
        self._texted_seq = texted_seq

    def recorded(self, seq: int, pressed_ms: int, *, drill: bool) -> None:
        """Take a press that is on disk as `seq` of lane `sos`; the limit counts from `pressed_ms`."""
        if drill:
            self._drills[seq] = pressed_ms
            return
        group = self._joinable(pressed_ms)
        if group is None:
            group = _Group(seq, pressed_ms, pressed_ms)
            self._groups.append(group)
        group.waiting.add(seq)
        group.last_ms = max(group.last_ms, pressed_ms)

    def receipted(self, stored: SequenceSet, now_ms: int) -> list[Effect]:
        """Take a receipt of lane `sos`, rejected entries taken out: nobody will ever see those."""
        was_loud = self._is_loud
        waited = {*self._drills, *chain.from_iterable(group.waiting for group in self._groups)}
        arrived = {seq for seq in waited if seq in stored}
        if arrived:
            self._received_ms = now_ms
        for seq in arrived & self._drills.keys():
            del self._drills[seq]
        for group in self._groups:
            group.waiting -= arrived
        self._groups = [group for group in self._groups if group.waiting]
        return [SoundSiren(0)] if was_loud and not self._is_loud and self._rules.siren_s else []

    def show(self, order: ShowSos, now_ms: int) -> Shown:
        """Take the centre's word about an incident; an older version changes nothing.

        It takes over from "received": the centre speaks of every press that it has, so also of one that came in between.
        """
        known = self._incidents.get(order.incident)
        if known is not None and order.version < known.version:
            return Shown.STALE
        self._received_ms = None
        self._incidents[order.incident] = Incident(order.version, order.stage, now_ms)
        if len(self._incidents) > MAX_INCIDENTS:
            del self._incidents[min(self._incidents, key=lambda name: self._incidents[name].told_ms)]
        return Shown.ACCEPTED

    def texted(self, press_seq: int, now_ms: int, *, sent: bool) -> None:
        """Take the end of a try that `SendSms` ordered."""
        if sent:
            self._texted_seq = max(self._texted_seq, press_seq)
        for group in self._groups:
            if group.first_seq == press_seq and group.is_texting:
                group.is_texting = False
                wait = min(2 ** (group.attempts - 1), SMS_BACKOFF_LIMIT)
                group.text_due_ms = None if sent else now_ms + self._rules.sms_retry_ms * wait

    def tick(self, now_ms: int) -> list[Effect]:
        """Do what is due."""
        self._forget(now_ms - STAGE_KEPT_MS)
        return [effect for group in self._groups for effect in self._escalate(group, now_ms)]

    @property
    def _is_loud(self) -> bool:
        return any(group.is_loud for group in self._groups)

    def _forget(self, until_ms: int) -> None:
        """Drop what nobody spoke of since `until_ms`."""
        self._groups = [group for group in self._groups if group.last_ms > until_ms]
        self._drills = {seq: since_ms for seq, since_ms in self._drills.items() if since_ms > until_ms}
        self._incidents = {name: known for name, known in self._incidents.items() if known.told_ms > until_ms}
        if self._received_ms is not None and self._received_ms <= until_ms:
            self._received_ms = None

    def _escalate(self, group: _Group, now_ms: int) -> list[Effect]:
        effects: list[Effect] = []
        if not group.is_loud and now_ms >= group.since_ms + self._rules.receipt_timeout_ms:
            group.is_loud = True
            if self._rules.siren_s:
                effects.append(SoundSiren(self._rules.siren_s))
            if self._rules.can_text and group.first_seq > self._texted_seq:
                group.text_due_ms = now_ms
        if group.text_due_ms is not None and now_ms >= group.text_due_ms:
            group.text_due_ms = None
            group.is_texting = True
            group.attempts += 1
            effects.append(SendSms(group.first_seq, group.attempts))
        return effects

    def _joinable(self, pressed_ms: int) -> _Group | None:
        for group in self._groups:
            if pressed_ms <= group.last_ms + GROUP_MS:
                return group
        return self._groups[-1] if len(self._groups) >= MAX_GROUPS else None
