"""People, their sessions, and what a console needs to know first."""

from typing import Self

from cloud.api.shapes.base import Shape
from cloud.store.accounts import Account


class User(Shape):
    """Somebody with an account; `desks` are those of a desk officer."""

    login: str
    name: str
    role: str
    wards: tuple[str, ...]
    desks: tuple[str, ...]

    @classmethod
    def of(cls, account: Account) -> Self:
        """Leave out what only the store needs."""
        same = {name: getattr(account, name) for name in ("login", "name", "wards", "desks")}
        return cls(**same, role=account.role.value)


class Session(Shape):
    """Who is logged in, and the token that unsafe requests must carry."""

    user: User
    csrf: str


class PeopleList(Shape):
    """Who may take an incident over."""

    people: tuple[User, ...]


class Ward(Shape):
    """A ward."""

    code: str
    name: str


class Config(Shape):
    """What a console needs to know of this installation."""

    version: str
    map: bool
    tiles_url: str | None
    push_public_key: str | None
    wards: tuple[Ward, ...]
    city: str


class Lease(Shape):
    """How long the console counts as present without another word."""

    expires_in_ms: int


class Ordered(Shape):
    """A command that is on its way to a station."""

    command: str
