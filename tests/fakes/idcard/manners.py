"""How a chip behaves that the standard leaves open, and what can happen to it."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum


class Answers(Enum):
    """How data come that do not fit the command's Le."""

    AT_ONCE = "as many octets as there are"
    GET_RESPONSE = "61xx: every answer to a short command is fetched (T=0)"
    EXACT_LE = "6Cxx: the same octets again, with another Le (T=0)"
    PROTECTED_EXACT_LE = "6Cxx as the status of READ BINARY itself, so under secure messaging"


class AtEnd(Enum):
    """What READ BINARY says when the file ends before Le."""

    DONE = 0x9000
    WARNED = 0x6282


def unasked() -> None:
    """A chip that needs no time."""


def noise(answer: bytes) -> bytes:
    """Other octets of the same length."""
    return random.Random(len(answer)).randbytes(len(answer))


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """APDUs are counted from 1, over the chip's whole life."""

    extended: bool = True
    """False: 6700 to a command with long lengths, and the session is over."""
    largest_read: int = 65_000
    """Octets that one READ BINARY gives at most."""
    strict: bool = True
    """6700 to a plain SELECT or MSE with Le, as German cards do."""
    answers: Answers = Answers.AT_ONCE
    at_end: AtEnd = AtEnd.DONE
    blocks_after: int | None = None
    """So many wrong keys in a row, and no key is taken any more (6983)."""
    pulled_at: int | None = None
    """This APDU is not answered: GoneError, as for all that follow until `reset`."""
    garbage_at: int | None = None
    garble: Callable[[bytes], bytes] = noise
    """What becomes of the answer to that APDU."""
    pause: Callable[[], None] = unasked
    """Called before each answer: a slow chip sleeps in it."""
