"""A database of the release before desks keeps its people, and lets them answer for desks once it is brought up."""

from pathlib import Path

import pytest
from sqlalchemy import text

from cloud.store import accounts
from cloud.store.accounts import Account, Role
from cloud.store.engine import open_engine, open_store
from cloud.store.migration import migrate
from tests.cloud.samples import NOW_MS
from tests.cloud.store.test_migrations import old_database

OLD = "truc.ban"
NEW = Account(
    login="cu.tru",
    name="Đỗ Thị Hoa",
    role=Role.DESK_OFFICER,
    wards=("27097",),
    phone=None,
    password_hash="",
    disabled=False,
    created_at_ms=NOW_MS,
    desks=("residence", "one-stop"),
)


@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
def test_a_database_of_0005_is_brought_up_with_its_people(
    request: pytest.FixtureRequest, tmp_path: Path, backend: str
) -> None:
    url = old_database(request, tmp_path, "0005", backend)
    engine = open_engine(url)
    with engine.execution_options(writing=True).begin() as connection:
        connection.execute(
            text(
                "INSERT INTO account (login, name, role, wards, password_hash, disabled, created_at_ms) "
                "VALUES (:login, 'Lê Minh An', 'duty_officer', '[\"27097\"]', '', false, 1)"
            ),
            {"login": OLD},
        )
    engine.dispose()
    migrate(url)
    with open_store(url) as store:
        with store.writing() as connection:
            accounts.save_account(connection, NEW)
        with store.reading() as connection:
            old, new = accounts.account(connection, OLD), accounts.account(connection, NEW.login)
    assert old is not None
    assert (old.wards, old.desks) == (("27097",), ())
    assert new == NEW
    assert not NEW.answers_for("27097"), "a desk is not the duty room"
