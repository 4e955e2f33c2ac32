"""Who can be reached now, and how: read once per tick, asked for each incident. Pure once it is built."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Connection

from cloud.sos.plan import Audience, Channel, Plan, Target
from cloud.store.accounts import Account, Role, Subscription, list_accounts, subscriptions
from cloud.store.presence import CITY, armed_counts

OPERATOR: Final = "operator"
"""The only target of channel `log`."""


@dataclass(frozen=True, slots=True)
class Roster:
    """People, their ways, and who sits in front of an armed console.

    `channels` are the ways that are configured, `extra_numbers` are called by every SMS level besides the officers.
    """

    accounts: Sequence[Account]
    subscriptions: Sequence[Subscription]
    armed: Mapping[str, int]
    channels: Collection[Channel]
    extra_numbers: Sequence[str] = field(default=())

    @property
    def watched_wards(self) -> frozenset[str]:
        """Wards that an armed console of their own watches."""
        return frozenset(self.armed) - {CITY}

    def reachable(self, plan: Plan, ward: str) -> frozenset[int]:
        """Return the levels of a plan that reach somebody."""
        return frozenset(
            number
            for number, level in enumerate(plan.levels)
            if any(self._reaches(target, ward) for target in level.targets)
        )

    def targets(self, target: Target, ward: str) -> list[str]:
        """Return where messages go: push endpoints, telephone numbers; nothing for consoles, they have the feed."""
        if target.channel is Channel.LOG:
            return [OPERATOR]
        if target.channel not in self.channels:
            return []
        people = self._people(target.audience, ward)
        if target.channel is Channel.PUSH:
            return sorted(entry.endpoint for entry in self.subscriptions if entry.login in people)
        if target.channel is Channel.SMS:
            phones = (account.phone for account in self.accounts if account.login in people)
            return sorted({*self.extra_numbers, *(phone for phone in phones if phone)})
        return []

    def _reaches(self, target: Target, ward: str) -> bool:
        if target.channel is Channel.CONSOLE:
            place = ward if target.audience is Audience.WARD else CITY
            return self.armed.get(place, 0) > 0
        return bool(self.targets(target, ward))

    def _people(self, audience: Audience, ward: str) -> frozenset[str]:
        role = Role.DUTY_OFFICER if audience is Audience.WARD else Role.CITY_DESK
        return frozenset(
            account.login for account in self.accounts if account.role is role and account.answers_for(ward)
        )


def load_roster(
    connection: Connection, now_ms: int, channels: Iterable[Channel], extra_numbers: Iterable[str] = ()
) -> Roster:
    """Read who can be reached now."""
    return Roster(
        list_accounts(connection),
        subscriptions(connection),
        armed_counts(connection, now_ms),
        frozenset(channels) | {Channel.CONSOLE},
        tuple(extra_numbers),
    )
