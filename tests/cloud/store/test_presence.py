"""Leases, and who can be reached because of them or by other ways."""

import pytest

from cloud.sos.plan import Audience, Channel, Plan, Target
from cloud.store import presence
from cloud.store.accounts import Role, set_disabled
from cloud.store.engine import Store
from cloud.store.presence import CITY, Lease
from cloud.store.roster import OPERATOR, Roster, load_roster
from tests.cloud.samples import (
    COLLEAGUE,
    DESK,
    NOW_MS,
    OFFICER,
    OTHER_WARD,
    WARD,
    add_people,
    add_person,
    arm,
)

ALL = (Channel.PUSH, Channel.SMS)
PUSH_WARD = Target(Audience.WARD, Channel.PUSH)
SMS_WARD = Target(Audience.WARD, Channel.SMS)
SMS_DESK = Target(Audience.CITY_DESK, Channel.SMS)


@pytest.fixture
def people(store: Store) -> Store:
    with store.writing() as connection:
        add_people(connection)
    return store


def counts(store: Store, now_ms: int = NOW_MS) -> dict[str, int]:
    with store.reading() as connection:
        return presence.armed_counts(connection, now_ms)


def roster(store: Store, *channels: Channel, numbers: tuple[str, ...] = ()) -> Roster:
    with store.reading() as connection:
        return load_roster(connection, NOW_MS, channels, numbers)


def test_armed_consoles_count_for_their_wards(people: Store) -> None:
    with people.writing() as connection:
        arm(connection, OFFICER, [WARD, OTHER_WARD])
        arm(connection, COLLEAGUE, [WARD])
        arm(connection, DESK, None)
    assert counts(people) == {WARD: 2, OTHER_WARD: 1, CITY: 1}
    assert roster(people).watched_wards == {WARD, OTHER_WARD}


def test_a_lease_runs_out_to_the_millisecond(people: Store) -> None:
    with people.writing() as connection:
        arm(connection)
    assert counts(people, NOW_MS + 14_999) == {WARD: 1}
    assert counts(people, NOW_MS + 15_000) == {}
    with people.writing() as connection:
        arm(connection, at_ms=NOW_MS + 10_000)
    assert counts(people, NOW_MS + 15_000) == {WARD: 1}


def test_a_muted_console_watches_nothing(people: Store) -> None:
    with people.writing() as connection:
        arm(connection)
        presence.renew(
            connection,
            Lease(
                f"console-{OFFICER}", OFFICER, frozenset({WARD}), armed=False, expires_at_ms=NOW_MS + 9_000
            ),
        )
    assert counts(people) == {}


def test_only_the_owner_gives_a_lease_back(people: Store) -> None:
    with people.writing() as connection:
        arm(connection)
        presence.release(connection, f"console-{OFFICER}", COLLEAGUE)
        assert len(presence.armed_leases(connection, NOW_MS)) == 1
        presence.release(connection, f"console-{OFFICER}", OFFICER)
        assert presence.armed_leases(connection, NOW_MS) == []


def test_leases_that_ran_out_are_forgotten(people: Store) -> None:
    with people.writing() as connection:
        arm(connection)
        presence.forget_expired(connection, NOW_MS + 15_000)
        assert presence.armed_leases(connection, NOW_MS) == []


def test_without_consoles_and_ways_nobody_is_reachable(people: Store) -> None:
    assert roster(people).reachable(Plan(), WARD) == frozenset()


def test_each_level_is_reachable_by_its_own_ways(people: Store) -> None:
    with people.writing() as connection:
        arm(connection)
    assert roster(people).reachable(Plan(), WARD) == {0}
    assert roster(people, Channel.PUSH).reachable(Plan(), WARD) == {0, 1, 2, 3}
    assert roster(people, Channel.SMS).reachable(Plan(), WARD) == {0, 3}
    assert roster(people, *ALL).reachable(Plan(), OTHER_WARD) == {2, 3}


def test_the_city_desk_at_its_console_is_a_level_of_its_own(people: Store) -> None:
    with people.writing() as connection:
        arm(connection, DESK, None)
    assert roster(people).reachable(Plan(), WARD) == {2, 3}


def test_targets_are_addresses_of_those_who_are_meant(people: Store) -> None:
    found = roster(people, *ALL)
    assert found.targets(PUSH_WARD, WARD) == ["https://push.example/officer"]
    assert found.targets(SMS_WARD, WARD) == ["+84900000001", "+84900000002"]
    assert found.targets(SMS_DESK, WARD) == ["+84900000003"]
    assert found.targets(SMS_WARD, OTHER_WARD) == []
    assert found.targets(Target(Audience.WARD, Channel.CONSOLE), WARD) == []
    assert found.targets(Target(Audience.WARD, Channel.LOG), WARD) == [OPERATOR]


def test_extra_numbers_are_called_once_with_everybody(people: Store) -> None:
    found = roster(people, *ALL, numbers=("113", "+84900000003"))
    assert found.targets(SMS_DESK, WARD) == ["+84900000003", "113"]
    assert found.targets(SMS_WARD, OTHER_WARD) == ["+84900000003", "113"]


def test_closed_accounts_and_other_roles_are_not_called(people: Store) -> None:
    with people.writing() as connection:
        set_disabled(connection, OFFICER, disabled=True)
        add_person(
            connection, "kiem.tra", Role.AUDITOR, (WARD,), "+84900000009", "https://push.example/auditor"
        )
    found = roster(people, *ALL)
    assert found.targets(SMS_WARD, WARD) == ["+84900000002"]
    assert found.targets(PUSH_WARD, WARD) == []


def test_an_incident_of_no_ward_is_the_city_desks(people: Store) -> None:
    assert roster(people, *ALL).reachable(Plan(), "") == {2, 3}
