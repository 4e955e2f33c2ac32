"""Names for what begins here: sessions, requests, questions, boots."""

import uuid


def new_token() -> str:
    """Return 128 random bits as 32 lower-case hex digits (wire.entries.Token)."""
    return uuid.uuid4().hex
