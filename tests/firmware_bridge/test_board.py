"""The model of the board, with a held clock."""

from firmware_bridge.board import (
    BEAT_MS,
    HOST_SILENT_MS,
    OWN_ALARM_MS,
    PENDING_MAX,
    RESEND_MS,
    SIREN_CAP_MS,
    Board,
    LineState,
    Memory,
)
from firmware_bridge.frames import Frame, FrameDecoder
from firmware_bridge.layouts import read_report, write
from firmware_bridge.messages import (
    AskHello,
    Beat,
    BoardState,
    CommandAck,
    Event,
    EventAck,
    EventId,
    EventKind,
    Hello,
    Lamp,
    LampPattern,
    Report,
    ResetCause,
    Siren,
)

START_MS = 1_000_000


def started(memory: Memory | None = None, cause: ResetCause = ResetCause.POWER_ON) -> Board:
    board = Board(memory or Memory(7), cause, START_MS)
    said(board)
    return board


def said(board: Board) -> list[Report]:
    reports = [
        read_report(frame) for frame in FrameDecoder().feed(board.outgoing()) if isinstance(frame, Frame)
    ]
    return [report for report in reports if isinstance(report, Report)]


def test_the_first_word_is_hello() -> None:
    board = Board(Memory(7, boot_count=4), ResetCause.BROWN_OUT, START_MS)
    assert said(board) == [Hello((1, 0, 0), 7, ResetCause.BROWN_OUT, 5)]


def test_hello_is_said_again_when_asked() -> None:
    board = started()
    board.feed(write(AskHello()), START_MS)
    assert said(board) == [Hello((1, 0, 0), 7, ResetCause.POWER_ON, 1)]


def test_an_event_is_sent_at_once_and_repeated_with_its_age_until_acknowledged() -> None:
    board = started()
    (event_id,) = board.sense_line(0, LineState.PRESSED, START_MS)
    assert said(board) == [Event(event_id, EventKind.PRESS, 0, 0)]

    board.tick(START_MS + RESEND_MS - 1)
    assert said(board) == []
    assert board.next_deadline_ms == START_MS + RESEND_MS
    board.tick(START_MS + RESEND_MS)
    assert said(board) == [Event(event_id, EventKind.PRESS, 0, RESEND_MS)]

    board.feed(write(EventAck(event_id)), START_MS + RESEND_MS)
    board.tick(START_MS + 2 * RESEND_MS)
    assert said(board) == []


def test_an_acknowledgement_of_another_event_changes_nothing() -> None:
    board = started()
    (event_id,) = board.sense_line(0, LineState.PRESSED, START_MS)
    for other in (EventId(8, 1, 0), EventId(7, 2, 0), EventId(7, 1, 1)):
        board.feed(write(EventAck(other)), START_MS)
    said(board)

    board.tick(START_MS + RESEND_MS)
    assert said(board) == [Event(event_id, EventKind.PRESS, 0, RESEND_MS)]


def test_each_change_of_a_line_has_its_events() -> None:
    changes = [
        (LineState.PRESSED, [EventKind.PRESS]),
        (LineState.PRESSED, []),
        (LineState.CUT, [EventKind.WIRE_CUT]),
        (LineState.SHORT, [EventKind.WIRE_SHORT]),
        (LineState.PRESSED, [EventKind.WIRE_RESTORED, EventKind.PRESS]),
        (LineState.IDLE, [EventKind.RELEASE]),
        (LineState.CUT, [EventKind.WIRE_CUT]),
        (LineState.IDLE, [EventKind.WIRE_RESTORED]),
    ]
    board = started()
    for state, kinds in changes:
        board.sense_line(1, state, START_MS)
        assert [(report.kind, report.button) for report in said(board) if isinstance(report, Event)] == [
            (kind, 1) for kind in kinds
        ]


def test_the_lid_is_told_when_it_moves() -> None:
    board = started()
    for lid_open in (False, True, True, False):
        board.sense_lid(START_MS, lid_open=lid_open)
    events = [report.kind for report in said(board) if isinstance(report, Event)]
    assert events == [EventKind.TAMPER, EventKind.TAMPER_CLEARED]


def test_press_and_tamper_survive_a_reset_with_their_ids_and_no_age() -> None:
    memory = Memory(7)
    first = started(memory)
    ids = [
        *first.sense_line(0, LineState.PRESSED, START_MS),
        *first.sense_line(0, LineState.CUT, START_MS),
        *first.sense_lid(START_MS, lid_open=True),
    ]

    second = started(memory, ResetCause.WATCHDOG)
    second.tick(START_MS)

    assert said(second) == [
        Event(ids[0], EventKind.PRESS, 0, None),
        Event(ids[2], EventKind.TAMPER, 0, None),
    ]


def test_own_alarm_comes_sounds_for_its_time_and_ends_with_the_acknowledgement() -> None:
    board = started()
    (event_id,) = board.sense_line(0, LineState.PRESSED, START_MS)
    alarm_ms = START_MS + OWN_ALARM_MS

    assert (board.own_alarm(alarm_ms - 1), board.siren(alarm_ms - 1)) == (False, False)
    assert (board.own_alarm(alarm_ms), board.siren(alarm_ms)) == (True, True)
    assert board.siren(alarm_ms + SIREN_CAP_MS - 1)
    assert (board.own_alarm(alarm_ms + SIREN_CAP_MS), board.siren(alarm_ms + SIREN_CAP_MS)) == (True, False)
    board.obey(EventAck(event_id), alarm_ms)
    assert (board.own_alarm(alarm_ms), board.siren(alarm_ms)) == (False, False)


def test_only_a_press_alarms() -> None:
    board = started()
    board.sense_lid(START_MS, lid_open=True)
    board.sense_line(0, LineState.CUT, START_MS)
    assert not board.own_alarm(START_MS + OWN_ALARM_MS)


def test_the_hosts_siren_is_capped() -> None:
    board = started()
    board.feed(write(Siren(3, 255)), START_MS)
    assert said(board) == [CommandAck(3, done=True)]
    assert board.siren(START_MS + SIREN_CAP_MS - 1)
    assert not board.siren(START_MS + SIREN_CAP_MS)


def test_the_lamp_shows_a_fault_before_and_after_the_host() -> None:
    board = started()
    assert board.lamp(START_MS) is LampPattern.FAULT
    board.feed(write(Lamp(4, LampPattern.RECEIVED)), START_MS)
    assert said(board) == [CommandAck(4, done=True)]
    assert board.lamp(START_MS + HOST_SILENT_MS - 1) is LampPattern.RECEIVED
    assert board.lamp(START_MS + HOST_SILENT_MS) is LampPattern.FAULT


def test_a_beat_tells_what_holds() -> None:
    board = started()
    board.feed(b"\0noise\0" + write(Lamp(1, LampPattern.IDLE)), START_MS)
    board.sense_line(1, LineState.SHORT, START_MS)
    board.sense_lid(START_MS, lid_open=True)
    said(board)

    board.tick(START_MS + BEAT_MS)

    beat = said(board)[-1]
    assert beat == Beat(
        boot_count=1,
        uptime_s=1,
        line_mv=(2_500, 0),
        lamp=LampPattern.IDLE,
        state=BoardState.LID_OPEN | BoardState.LINE_1_FAULT | BoardState.HOST_HEARD,
        pending=2,
        rx_damaged=1,
    )


def test_a_full_board_drops_other_events_before_presses() -> None:
    memory = Memory(7)
    board = started(memory)
    for _ in range(PENDING_MAX):
        board.sense_line(0, LineState.PRESSED, START_MS)
        board.sense_line(0, LineState.IDLE, START_MS)
    assert [event.kind for event in memory.events] == [EventKind.PRESS] * PENDING_MAX

    assert board.sense_line(0, LineState.PRESSED, START_MS) == []
    assert board.sense_line(1, LineState.CUT, START_MS) == []
    board.tick(START_MS + BEAT_MS)
    beat = said(board)[-1]
    assert isinstance(beat, Beat)
    assert (beat.pending, beat.dropped) == (PENDING_MAX, PENDING_MAX + 2)


def test_the_sequence_wraps_into_zero() -> None:
    board = started()
    board._seq = 0xFFFF_FFFF
    ids = board.sense_line(0, LineState.PRESSED, START_MS) + board.sense_line(0, LineState.IDLE, START_MS)
    assert [event_id.seq for event_id in ids] == [0xFFFF_FFFF, 0]
