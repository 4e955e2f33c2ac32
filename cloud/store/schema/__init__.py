"""All tables, as SQLAlchemy Core; the same on SQLite and PostgreSQL.

Times are integer milliseconds since 1970 UTC by the cloud's clock, except where a column says it is the station's.
Ids are lower-case hex. Text of enumerations is the enumeration's own value (wire, cloud.sos).
"""

from cloud.store.schema.base import METADATA, REVISION
from cloud.store.schema.blobs import BLOB, BLOB_PART
from cloud.store.schema.citizens import CABIN_SESSION, IDENTITY_CONSENT, IDENTITY_SHARE, VITAL
from cloud.store.schema.incidents import INCIDENT, INCIDENT_EVENT, PRESS
from cloud.store.schema.office import (
    ACCOUNT,
    AUDIT,
    BEAT,
    LOGIN_ATTEMPT,
    NOTIFICATION,
    PRESENCE,
    PUSH_SUBSCRIPTION,
    WEB_SESSION,
)
from cloud.store.schema.payments import (
    LEDGER_POSTING,
    PAYMENT_EVENT,
    PAYMENT_FOR,
    PAYMENT_ORDER,
    PROVIDER_NOTICE,
)
from cloud.store.schema.requests import ERRAND, REQUEST, REQUEST_AMENDMENT, REQUEST_EVENT
from cloud.store.schema.stations import (
    ASIDE,
    COMMAND,
    INBOX,
    QUARANTINE,
    READING_BATCH,
    STATION,
    STATION_EVENT,
)

__all__ = [
    "ACCOUNT",
    "ASIDE",
    "AUDIT",
    "BEAT",
    "BLOB",
    "BLOB_PART",
    "CABIN_SESSION",
    "COMMAND",
    "ERRAND",
    "IDENTITY_CONSENT",
    "IDENTITY_SHARE",
    "INBOX",
    "INCIDENT",
    "INCIDENT_EVENT",
    "LEDGER_POSTING",
    "LOGIN_ATTEMPT",
    "METADATA",
    "NOTIFICATION",
    "PAYMENT_EVENT",
    "PAYMENT_FOR",
    "PAYMENT_ORDER",
    "PRESENCE",
    "PRESS",
    "PROVIDER_NOTICE",
    "PUSH_SUBSCRIPTION",
    "QUARANTINE",
    "READING_BATCH",
    "REQUEST",
    "REQUEST_AMENDMENT",
    "REQUEST_EVENT",
    "REVISION",
    "STATION",
    "STATION_EVENT",
    "VITAL",
    "WEB_SESSION",
]
