"""Ports without a chip: one that plays a script, one that asks a function; and randomness that is foretold."""

from collections.abc import Callable, Iterable

Rand = Callable[[int], bytes]


class ScriptedPort:
    """Expects commands in this order and gives their answers; `sent` is what came."""

    def __init__(self, *script: tuple[bytes, bytes]) -> None:
        self._script = list(script)
        self.sent: list[bytes] = []

    def transmit(self, apdu: bytes) -> bytes:
        self.sent.append(apdu)
        expected, answer = self._script.pop(0)
        assert apdu.hex() == expected.hex()
        return answer

    @property
    def is_done(self) -> bool:
        return not self._script


class AnsweringPort:
    """Answers whatever comes with what a function says, or with the next of some answers."""

    def __init__(self, answers: Iterable[bytes] | Callable[[bytes], bytes]) -> None:
        self._answer = answers if callable(answers) else _one_after_the_other(answers)
        self.sent: list[bytes] = []

    def transmit(self, apdu: bytes) -> bytes:
        self.sent.append(apdu)
        return self._answer(apdu)


def foretold(*values: bytes) -> Rand:
    """Randomness that gives these values, each filled up with zeros in front."""
    left = list(values)
    return lambda count: left.pop(0).rjust(count, b"\0")


def counting() -> Rand:
    """Randomness that is the same in every test: 1, 2, 3..."""
    state = iter(range(1, 1_000_000))
    return lambda count: next(state).to_bytes(2).rjust(count, b"\x5a")


def _one_after_the_other(answers: Iterable[bytes]) -> Callable[[bytes], bytes]:
    left = iter(answers)
    return lambda _apdu: next(left)
