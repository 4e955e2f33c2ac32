"""People, their sessions, and the failures that are counted against guessing."""

from dataclasses import replace

import pytest

from cloud.store import accounts
from cloud.store.accounts import Account, Role, Subscription, WebSession
from cloud.store.engine import Store
from cloud.store.errors import MissingError
from tests.cloud.samples import DESK, NOW_MS, OFFICER, OTHER_WARD, WARD, add_people, add_person

TOKEN = "d" * 64
SESSION = WebSession(
    token_hash=TOKEN,
    login=OFFICER,
    csrf="csrf",
    created_at_ms=NOW_MS,
    expires_at_ms=NOW_MS + 1_000,
    seen_at_ms=NOW_MS,
)


@pytest.fixture
def people(store: Store) -> Store:
    with store.writing() as connection:
        add_people(connection)
    return store


def session(store: Store, now_ms: int = NOW_MS) -> tuple[WebSession, Account] | None:
    with store.reading() as connection:
        return accounts.session(connection, TOKEN, now_ms)


def test_an_account_is_read_as_it_was_saved(people: Store) -> None:
    with people.writing() as connection:
        found = accounts.account(connection, OFFICER)
        assert found is not None
        assert (found.role, found.wards, found.phone) == (Role.DUTY_OFFICER, (WARD,), "+84900000001")
        changed = replace(found, wards=(WARD, OTHER_WARD), name="Khác", created_at_ms=5)
        accounts.save_account(connection, changed)
        assert accounts.account(connection, OFFICER) == replace(changed, created_at_ms=NOW_MS)
        assert accounts.account(connection, "khong.co") is None
        assert [person.login for person in accounts.list_accounts(connection)] == sorted(
            ["truc.ban", "dong.nghiep", "trung.tam"]
        )


@pytest.mark.parametrize(
    ("role", "wards", "disabled", "expected"),
    [
        (Role.DUTY_OFFICER, (WARD,), False, True),
        (Role.DUTY_OFFICER, (OTHER_WARD,), False, False),
        (Role.DUTY_OFFICER, (WARD,), True, False),
        (Role.CITY_DESK, (), False, True),
        (Role.CITY_DESK, (), True, False),
        (Role.FLEET_ADMIN, (WARD,), False, False),
        (Role.AUDITOR, (WARD,), False, False),
    ],
)
def test_who_answers_for_a_ward(
    *, store: Store, role: Role, wards: tuple[str, ...], disabled: bool, expected: bool
) -> None:
    with store.writing() as connection:
        add_person(connection, OFFICER, role, wards)
        accounts.set_disabled(connection, OFFICER, disabled=disabled)
        assert accounts.may_answer(connection, OFFICER, WARD) is expected


def test_a_session_lives_until_it_runs_out(people: Store) -> None:
    with people.writing() as connection:
        accounts.open_session(connection, SESSION)
    found = session(people)
    assert found is not None
    assert (found[0], found[1].login) == (SESSION, OFFICER)
    assert session(people, NOW_MS + 1_000) is None
    with people.writing() as connection:
        accounts.touch_session(connection, TOKEN, seen_at_ms=NOW_MS + 900, expires_at_ms=NOW_MS + 2_000)
    assert session(people, NOW_MS + 1_999) is not None


def test_logging_out_and_expiry_forget_it(people: Store) -> None:
    for forget in (accounts.close_session, accounts.end_sessions):
        with people.writing() as connection:
            accounts.open_session(connection, SESSION)
            forget(connection, TOKEN if forget is accounts.close_session else OFFICER)
        assert session(people) is None
    with people.writing() as connection:
        accounts.open_session(connection, SESSION)
        accounts.forget_expired_sessions(connection, NOW_MS + 999)
        assert accounts.session(connection, TOKEN, NOW_MS) is not None
        accounts.forget_expired_sessions(connection, NOW_MS + 1_000)
        assert accounts.session(connection, TOKEN, NOW_MS) is None


def test_closing_an_account_throws_it_out_everywhere(people: Store) -> None:
    with people.writing() as connection:
        accounts.open_session(connection, SESSION)
        accounts.set_disabled(connection, OFFICER, disabled=True)
        assert [entry.login for entry in accounts.subscriptions(connection)] == [DESK]
    assert session(people) is None
    with people.writing() as connection:
        accounts.set_disabled(connection, OFFICER, disabled=False)
    assert session(people) is None, "reopening revives no session"


def test_what_is_not_there_cannot_be_changed(store: Store) -> None:
    with store.writing() as connection:
        with pytest.raises(MissingError):
            accounts.set_disabled(connection, OFFICER, disabled=True)
        with pytest.raises(MissingError):
            accounts.set_password_hash(connection, OFFICER, "x")


def test_a_new_password_is_kept(people: Store) -> None:
    with people.writing() as connection:
        accounts.set_password_hash(connection, OFFICER, "$argon2id$new")
        found = accounts.account(connection, OFFICER)
    assert found is not None
    assert found.password_hash == "$argon2id$new"


def test_failures_are_counted_for_each_subject(store: Store) -> None:
    with store.writing() as connection:
        accounts.note_failure(connection, [OFFICER, "192.0.2.1"], NOW_MS)
        accounts.note_failure(connection, [OFFICER], NOW_MS + 10)
        assert accounts.count_failures(connection, OFFICER, NOW_MS) == (2, NOW_MS + 10)
        assert accounts.count_failures(connection, OFFICER, NOW_MS + 1) == (1, NOW_MS + 10)
        assert accounts.count_failures(connection, "192.0.2.1", NOW_MS) == (1, NOW_MS)
        assert accounts.count_failures(connection, "192.0.2.2", NOW_MS) == (0, None)
        accounts.forget_failures(connection, subject=OFFICER)
        assert accounts.count_failures(connection, OFFICER, 0) == (0, None)
        accounts.forget_failures(connection, before_ms=NOW_MS)
        assert accounts.count_failures(connection, "192.0.2.1", 0) == (1, NOW_MS)
        accounts.forget_failures(connection, before_ms=NOW_MS + 1)
        assert accounts.count_failures(connection, "192.0.2.1", 0) == (0, None)


def test_a_browser_belongs_to_who_used_it_last(people: Store) -> None:
    shared = Subscription("https://push.example/shared", OFFICER, "p", "a")
    with people.writing() as connection:
        accounts.subscribe(connection, shared, NOW_MS)
        accounts.subscribe(connection, replace(shared, login=DESK), NOW_MS)
        owners = {entry.endpoint: entry.login for entry in accounts.subscriptions(connection)}
        assert owners[shared.endpoint] == DESK
        accounts.unsubscribe(connection, shared.endpoint, OFFICER)
        assert len(accounts.subscriptions(connection)) == 3, "not theirs to remove"
        accounts.unsubscribe(connection, shared.endpoint, DESK)
        accounts.unsubscribe(connection, "https://push.example/desk")
        assert [entry.login for entry in accounts.subscriptions(connection)] == [OFFICER]
