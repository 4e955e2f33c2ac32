"""Giving new requests to a desk, and letting the clock of all requests act."""

from collections.abc import Mapping
from typing import Final

import structlog

from cloud.requests.offices import Offices
from cloud.requests.routing import Routing
from cloud.store import request_routes, requests
from cloud.store.engine import Store, take_turn

_log = structlog.get_logger(__name__)

BATCH: Final = 200


def assign(store: Store, routing: Routing, connectors: Mapping[str, object], now_ms: int) -> int:
    """Give up to BATCH new requests to their desks and connectors; return how many.

    A connector that this cloud does not have is none: the request stands on the desk's page, which is where some belong.
    """
    with store.reading() as connection:
        waiting = request_routes.unrouted(connection, BATCH)
    if not waiting:
        return 0
    routed: list[tuple[str, str, str | None]] = []
    for request, authority in waiting:
        target = routing.find(ward=request.ward, authority=authority, service=request.service)
        connector = target.connector
        if connector is not None and connector not in connectors:
            _log.info("route.desk_only", request=request.id, connector=connector)
            connector = None
        routed.append((request.id, target.desk, connector))
    with store.writing() as connection:
        take_turn(connection)
        request_routes.route(connection, routed, now_ms)
    store.ring()
    return len(routed)


def run_clock(store: Store, offices: Offices, now_ms: int) -> int:
    """Do what the clock demands; return how many requests it changed."""
    with store.reading() as connection:
        if not requests.clock_due(connection, now_ms):
            return 0
    with store.writing() as connection:
        changes = requests.run_clock(connection, offices, now_ms)
    store.ring()
    return len(changes)
