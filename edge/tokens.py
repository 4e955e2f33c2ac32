"""Names for what begins here: sessions, requests, questions, boots; and the word of a receipt."""

import secrets
import uuid

from wire.tracking import ALPHABET, WORD_LENGTH


def new_token() -> str:
    """Return 128 random bits as 32 lower-case hex digits (wire.entries.Token)."""
    return uuid.uuid4().hex


def new_word() -> str:
    """Return the word that stands on a receipt (wire.tracking): a secret of its person."""
    return "".join(secrets.choice(ALPHABET) for _ in range(WORD_LENGTH))
