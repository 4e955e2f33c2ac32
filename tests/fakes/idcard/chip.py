"""A virtual citizen's card: the chip's side of ICAO Doc 9303-10 and -11, as far as Vietnamese cards go.

It is written from the standards and shares no code with the terminal's side, so that a mistake is not made twice. Take
one from `tests.fakes.idcard.issuing.issue`:

    card = issue()                                       # the default: PACE, BAC, CA, AA, a photo, an authority
    card = issue(Personalisation(person=BINH, aa="rsa", cloned=True), Manners(extended=False, pulled_at=7))
    card.chip.transmit(bytes.fromhex("00A4040C07A0000002471001"))     # -> 9000; the chip is an edge.idcard.port.Port
    card.can, card.person, card.authority.csca_der, card.authority.crl_der

Files: people (who), groups and portrait (what the files hold), certificates and signed_object (who signed them), issuing
(all that put together), manners (what a chip may do as it likes, and mishaps), apdus and transport (octets to commands),
filesystem, keys and channel (secure messaging), bac and pace (access), authenticity (Chip and Active Authentication).
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from edge.idcard.errors import GoneError
from tests.fakes.idcard.apdus import DONE, SHORT_LIMIT, Command, RefusedError
from tests.fakes.idcard.authenticity import AgreementKey, ChipAuthentication, SigningKey
from tests.fakes.idcard.bac import Bac
from tests.fakes.idcard.channel import OBJECTS_WRONG, Channel
from tests.fakes.idcard.filesystem import NO_SUCH_COMMAND, NOT_PERMITTED, WRONG_LENGTH, FileSystem
from tests.fakes.idcard.manners import Manners
from tests.fakes.idcard.pace import WRONG_DATA, Pace, Profile, passwords
from tests.fakes.idcard.transport import Transport
from tests.fakes.idcard.tries import Tries

ATR: Final = bytes.fromhex("3B8880010000000000000000") + b"\x09"
"""Contactless, as a reader makes it up (PC/SC part 3, 3.1.3.2.3): eight octets of the card's, and the checksum."""
NO_SUCH_CLASS: Final = 0x6E00
NOT_ALLOWED: Final = 0x6985
SECURED: Final = 0x0C
MSE_PACE: Final = 0xC1A4
MSE_CA: Final = 0x41A4
MSE_KAT: Final = 0x41A6


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What the issuer has put into the chip. A way that is None is one that the chip does not know."""

    files: Mapping[int, bytes] = field(repr=False)
    mrz_information: str = field(repr=False)
    can: str = field(repr=False)
    bac: bool
    pace: Profile | None
    card_access: bytes | None
    agreement: AgreementKey | None
    signing: SigningKey | None


class VirtualChip:
    """An edge.idcard.port.Port that also knows how a reader powers it. `apdus` counts all it was ever sent."""

    def __init__(
        self,
        content: Content,
        manners: Manners | None = None,
        rand: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self.atr = ATR
        self.apdus = 0
        self._content = content
        self._manners = manners or Manners()
        self._rand = rand
        self._tries = Tries(self._manners.blocks_after)
        self._commands = {
            0x22: self._manage_security,
            0x82: self._external_authenticate,
            0x84: self._get_challenge,
            0x86: self._general_authenticate,
            0x88: self._internal_authenticate,
            0xA4: self._select,
            0xB0: self._read_binary,
            0xB1: self._read_binary,
        }
        self.reset()

    def reset(self) -> None:
        """Power: sessions and selections are lost, the count of wrong keys is not."""
        self._gone = False
        self._channel: Channel | None = None
        self._next: Channel | None = None
        self._filesystem = FileSystem(self._content.files, self._content.card_access, self._manners)
        self._bac = Bac(self._content.mrz_information, self._tries, self._rand)
        known = passwords(self._content.mrz_information, self._content.can)
        profile = self._content.pace
        self._pace = Pace(profile, known, self._tries, self._rand) if profile else None
        self._ca = ChipAuthentication(self._content.agreement) if self._content.agreement else None
        self._transport = Transport(self._obey, self._end_session, self._manners)

    def transmit(self, apdu: bytes) -> bytes:
        """The answer, SW1 SW2 at its end; GoneError once the card was pulled."""
        self.apdus += 1
        if self.apdus == self._manners.pulled_at:
            self._gone = True
        if self._gone:
            raise GoneError
        self._manners.pause()
        answer = self._transport.answer(apdu)
        return self._manners.garble(answer) if self.apdus == self._manners.garbage_at else answer

    def _end_session(self) -> None:
        self._channel = None

    def _obey(self, command: Command) -> tuple[bytes, int]:
        """What leaves the chip: a plain command ends the session, a protected one gets a protected answer."""
        if command.cla & SECURED == SECURED:
            return self._obey_secured(command)
        self._end_session()
        data, sw = self._done(command, SHORT_LIMIT if not command.extended else command.expected or 0)
        self._channel, self._next = self._next, None
        return data, sw

    def _obey_secured(self, command: Command) -> tuple[bytes, int]:
        channel = self._channel
        if channel is None:
            return b"", OBJECTS_WRONG
        try:
            opened = channel.open(command)
        except RefusedError as refusal:
            self._end_session()
            return b"", refusal.sw
        octets = min(command.expected or SHORT_LIMIT, 65_000)
        data, sw = self._done(opened, channel.room(octets))
        answer = channel.seal(command, data, sw)
        if self._next is not None:
            self._channel, self._next = self._next, None
        return answer, sw

    def _done(self, command: Command, room: int) -> tuple[bytes, int]:
        """What comes of the command itself."""
        self._forget(command.ins)
        try:
            if command.cla & ~0x10:
                return b"", NO_SUCH_CLASS
            if command.ins not in self._commands:
                return b"", NO_SUCH_COMMAND
            return self._commands[command.ins](command, room)
        except RefusedError as refusal:
            return b"", refusal.sw
        except (ValueError, IndexError):
            return b"", WRONG_DATA

    def _forget(self, ins: int) -> None:
        """Protocols of several commands allow no other in between."""
        if ins != 0x82:
            self._bac.forget()
        if ins != 0x86:
            if self._pace:
                self._pace.forget()
            if self._ca:
                self._ca.forget()

    def _check_no_le(self, command: Command) -> None:
        if self._manners.strict and self._channel is None and command.expected is not None:
            raise RefusedError(WRONG_LENGTH)

    def _select(self, command: Command, _room: int) -> tuple[bytes, int]:
        self._check_no_le(command)
        self._filesystem.select(command, secured=self._channel is not None)
        return b"", DONE

    def _read_binary(self, command: Command, room: int) -> tuple[bytes, int]:
        return self._filesystem.read(command, room, secured=self._channel is not None)

    def _get_challenge(self, command: Command, _room: int) -> tuple[bytes, int]:
        self._check_bac()
        return self._bac.challenge(command), DONE

    def _external_authenticate(self, command: Command, _room: int) -> tuple[bytes, int]:
        self._check_bac()
        answer, self._next = self._bac.authenticate(command)
        return answer, DONE

    def _check_bac(self) -> None:
        if not self._content.bac:
            raise RefusedError(NO_SUCH_COMMAND)
        if not self._filesystem.in_application or self._channel is not None:
            raise RefusedError(NOT_ALLOWED)

    def _manage_security(self, command: Command, _room: int) -> tuple[bytes, int]:
        self._check_no_le(command)
        secured = self._channel is not None
        if command.p1p2 == MSE_PACE and self._pace and not secured:
            self._filesystem.leave()
            self._pace.choose(command.data)
        elif command.p1p2 == MSE_CA and self._ca and secured:
            self._ca.choose(command.data)
        elif command.p1p2 == MSE_KAT and self._ca and secured:
            self._next = self._ca.choose_and_agree(command.data)
        else:
            raise RefusedError(NO_SUCH_COMMAND)
        return b"", DONE

    def _general_authenticate(self, command: Command, _room: int) -> tuple[bytes, int]:
        if self._ca and self._channel is not None:
            data, self._next = self._ca.agree(command.data)
        elif self._pace and self._channel is None:
            data, self._next = self._pace.step(command)
        else:
            raise RefusedError(NO_SUCH_COMMAND)
        return data, DONE

    def _internal_authenticate(self, command: Command, _room: int) -> tuple[bytes, int]:
        if self._content.signing is None:
            raise RefusedError(NO_SUCH_COMMAND)
        if self._channel is None:
            raise RefusedError(NOT_PERMITTED)
        if len(command.data) != 8:
            raise RefusedError(WRONG_LENGTH)
        return self._content.signing.sign(command.data, self._rand), DONE
