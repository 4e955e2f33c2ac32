"""Who may do what: one table of roles and routes. A route without a row cannot be built."""

from types import MappingProxyType
from typing import Final

from cloud.store.accounts import Role

PUBLIC: Final[frozenset[Role]] = frozenset()
"""For everybody, without a session."""

_ALL: Final = frozenset(Role)
_SOS: Final = _ALL - {Role.DESK_OFFICER}
"""Whoever decides about dossiers has no business with who called for help."""

_DESK: Final = frozenset({Role.DUTY_OFFICER, Role.CITY_DESK})
_AUDITOR: Final = frozenset({Role.AUDITOR})
_REQUESTS: Final = _DESK | {Role.DESK_OFFICER}
"""Whoever answers for a desk; which requests they then see, cloud.api.desks says."""

ACCESS: Final = MappingProxyType(
    {
        "POST /api/session": PUBLIC,
        "GET /api/session": _ALL,
        "DELETE /api/session": _ALL,
        "GET /api/config": _ALL,
        "GET /api/incidents": _SOS,
        "GET /api/incidents/{incident}": _SOS,
        "GET /api/incidents/{incident}/cap": _SOS,
        "POST /api/incidents/{incident}/actions": _DESK,
        "POST /api/incidents/{incident}/seen": _DESK,
        "GET /api/stream": _SOS,
        "PUT /api/presence": _DESK,
        "DELETE /api/presence/{console}": _DESK,
        "GET /api/stations": _SOS,
        "POST /api/drills": _DESK | {Role.FLEET_ADMIN},
        "GET /api/roster": _SOS,
        "GET /api/shift-report": _DESK | _AUDITOR,
        "GET /api/map": _SOS,
        "POST /api/push-subscriptions": _DESK,
        "DELETE /api/push-subscriptions": _DESK,
        "GET /api/audit": _AUDITOR,
        "GET /api/open311/v2/services.{form}": PUBLIC,
        "GET /api/open311/v2/requests.{form}": PUBLIC,
        "GET /api/open311/v2/requests/{number}.{form}": PUBLIC,
        "GET /api/pay/vnpay": PUBLIC,
        "POST /api/pay/momo": PUBLIC,
        "POST /api/pay/bank": PUBLIC,
        "GET /api/desks": _REQUESTS | _AUDITOR,
        "GET /api/desks/stream": _REQUESTS | _AUDITOR,
        "GET /api/services/{service}": _REQUESTS | _AUDITOR,
        "GET /api/tracking/{code}": _REQUESTS | _AUDITOR,
        "GET /api/dead-letters": _REQUESTS | _AUDITOR,
        "POST /api/dead-letters/{number}/resend": _REQUESTS,
        "GET /api/requests": _REQUESTS | _AUDITOR,
        "GET /api/requests/{request}": _REQUESTS | _AUDITOR,
        "GET /api/requests/{request}/blobs": _REQUESTS | _AUDITOR,
        "GET /api/requests/{request}/blobs/{sha256}": _REQUESTS,
        "GET /api/requests/{request}/sealed": _REQUESTS,
        "POST /api/requests/{request}/actions": _REQUESTS,
    }
)
"""Method and path to the roles that may use it."""
