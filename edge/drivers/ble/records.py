"""Asking a meter for its stored records (2A52), of which only the new ones are wanted."""

import asyncio
from typing import Final

from edge.codecs.gatt.characteristics import RECORD_ACCESS
from edge.codecs.gatt.errors import CodecError
from edge.codecs.gatt.record_access import (
    LAST_SEQUENCE,
    Operation,
    Outcome,
    RecordAnswer,
    decode_record_access,
    encode_newest,
    encode_request,
)
from edge.drivers.ble.errors import LinkError
from edge.drivers.ble.link import Link
from edge.drivers.ble.patience import Patience

_DONE: Final = frozenset({Outcome.SUCCESS, Outcome.NO_RECORDS})
_NOT_ABLE: Final = frozenset(
    {Outcome.OPERATOR_UNSUPPORTED, Outcome.OPERATOR_INVALID, Outcome.OPERAND_UNSUPPORTED}
)


class Records:
    """One link's access to the records of its device, one request at a time."""

    def __init__(self, link: Link, patience: Patience) -> None:
        self._link = link
        self._patience = patience
        self._answer: asyncio.Future[Outcome] | None = None

    @property
    def are_kept(self) -> bool:
        """Whether the device keeps records that can be asked for."""
        return self._link.can(RECORD_ACCESS, "write")

    def hear(self, value: bytes) -> None:
        """Take what the device indicates on 2A52."""
        try:
            told = decode_record_access(value)
        except CodecError:
            return
        if isinstance(told, RecordAnswer) and self._answer is not None and not self._answer.done():
            self._answer.set_result(told.outcome)

    async def fetch(self, newest: int | None) -> bool:
        """Have all records after `newest` sent, without it the last alone; tell whether the device did. LinkError."""
        if newest is None:
            outcome = await self._ask(encode_newest(Operation.REPORT))
        elif newest == LAST_SEQUENCE:
            outcome = await self._ask(encode_request(Operation.REPORT))
        else:
            outcome = await self._ask(encode_request(Operation.REPORT, first=newest + 1))
        if outcome in _NOT_ABLE:
            outcome = await self._ask(encode_request(Operation.REPORT))
        return outcome in _DONE

    async def _ask(self, request: bytes) -> Outcome:
        self._answer = asyncio.get_running_loop().create_future()
        try:
            await self._link.write(RECORD_ACCESS, request)
            async with asyncio.timeout(self._patience.records_s):
                return await self._answer
        except TimeoutError as error:
            raise LinkError("the device does not send its records") from error
        finally:
            self._answer = None
